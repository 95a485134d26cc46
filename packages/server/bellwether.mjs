import { setFlagsFromString } from "node:v8";

// The way in. Plain JavaScript, so that an old Node can still say what is wrong.
const major = Number(process.versions.node.split(".")[0]);
if (major < 26) {
  process.stderr.write(
    `This is Node ${process.versions.node}; Bellwether brings Node 26 with it as the npm package “node”.\n` +
      "Start it by “npm start”. If that is what you did, the package's install script was not allowed to run: “npm rebuild node” runs it.\n",
  );
  process.exit(1);
}
// Left alone V8 lets garbage grow to several times what lives, so memory would follow the size of a file that is merely
// streamed through: 320 MB at the peak of a million rows. Collected after each 20 % it stays flat.
setFlagsFromString("--heap-growing-percent=20");
const { main } = await import("./src/main.ts");
await main(process.argv.slice(2));
