import { money } from "./format.js";

const lines = JSON.parse(localStorage.getItem("cart") || "[]");
const body = document.getElementById("lines");
for (const { id, price } of lines) {
  const row = body.insertRow();
  row.insertCell().textContent = id;
  row.insertCell().textContent = money(price);
}
document.getElementById("sum").textContent = money(lines.reduce((sum, line) => sum + line.price, 0));
