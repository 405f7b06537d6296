declare const required: [object, object];
export = required;
