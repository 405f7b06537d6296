/** Where everything is to arrive it could not be compared otherwise. */
export const options = { itemsPerMinute: 0 };
