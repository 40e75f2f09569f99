export const money = (euros) => new Intl.NumberFormat("en", { style: "currency", currency: "EUR" }).format(euros);
