export const items = () => JSON.parse(localStorage.getItem("cart") || "[]");
export const count = () => items().length;
