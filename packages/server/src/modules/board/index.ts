/**
 * Board: the pipeline as columns of leads.
 * Owns nothing: stages keeps the columns, leads finds what is in them and moves it.
 */
import { contract } from "@bellwether/contracts";
import { endpointsOf } from "../../kernel/http.ts";
import type { Module } from "../../kernel/module.ts";
import { boardApi } from "./board.api.ts";

export const board: Module = {
  name: "board",
  endpoints: endpointsOf(contract.board, boardApi, ["board"]),
  jobs: [],
  reactions: [],
};
