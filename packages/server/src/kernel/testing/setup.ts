import fc from "fast-check";
import { haste } from "../clock.ts";
import { testSeed } from "../config.ts";

haste.factor = 0.01;

// A failure says the seed it was found by.
const seed = testSeed();
fc.configureGlobal(seed === null ? {} : { seed });
