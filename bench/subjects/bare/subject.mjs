export const modules = () => [];
export const providers = () => [];
export const configure = () => undefined;
export const describe = () => () => undefined;
export const flush = () => undefined;
export const stats = () => ({});
