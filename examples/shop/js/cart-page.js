import { items } from "./cart.js";

const row = document.getElementById("row");
for (const item of items()) {
  const line = row.content.cloneNode(true);
  line.querySelector(".name").textContent = item;
  document.getElementById("items").append(line);
}
