import type { contract } from "@bellwether/contracts";
import { type Implementation, tenant } from "../../kernel/http.ts";
import { showBoard } from "./board.ts";

export const boardApi: Implementation<typeof contract.board> = {
  show: tenant(showBoard),
  query: tenant(showBoard),
};
