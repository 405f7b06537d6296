/** As it comes. */
export const options = {};
