import fc from "fast-check";
import { testSeed } from "../config.ts";

// A failure says the seed it was found by.
const seed = testSeed();
fc.configureGlobal(seed === null ? {} : { seed });
