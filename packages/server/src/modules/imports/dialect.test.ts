import iconv from "iconv-lite";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { guessLayout, tableOf } from "./dialect.ts";
import { createUtf8Check, decodeSample, fileKind, guessEncoding } from "./encoding.ts";

const people = "first_name,last_name,email\nJosé,Núñez,jose@example.es\nZoë,Krüger,zoe@example.de\n";
const data = new URL("../../../../../../shared/data/", import.meta.url);

describe("what kind of file it is", () => {
  test.each([
    [
      "xlsx",
      Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.from("…[Content_Types].xml…xl/workbook.xml")]),
    ],
    ["zip", Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.from("leads.csv")])],
    ["xls", Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1])],
    ["pdf", Buffer.from("%PDF-1.7\n")],
    ["html", Buffer.from("\n <!DOCTYPE html><html><body>Sign in</body></html>")],
    ["html", Buffer.from("<table><tr><td>a</td></tr></table>")],
    ["xml", Buffer.from('<?xml version="1.0"?><leads/>')],
    ["json", Buffer.from('[{"email": "a@example.com"}]')],
    ["gzip", Buffer.from([0x1f, 0x8b, 8, 0])],
    ["image", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d])],
    ["binary", Buffer.from(Array.from({ length: 500 }, (_, at) => at % 9))],
    ["empty", Buffer.alloc(0)],
    ["empty", Buffer.from("\uFEFF \r\n\t\n")],
    ["text", Buffer.from(people)],
    ["text", Buffer.from("a\0,b\n1,2\n")],
    ["text", iconv.encode(people, "utf-16le")],
  ])("%s", (kind, bytes) => expect(fileKind(bytes)).toBe(kind));
});

describe("encoding", () => {
  test.each(["utf-8", "utf-16le", "utf-16be", "windows-1252"])(
    "%s is recognised without a mark",
    (encoding) => {
      const bytes = iconv.encode(people, encoding);
      const guess = guessEncoding(bytes);
      expect(guess.encoding).toBe(encoding);
      expect(decodeSample(bytes, guess.encoding)).toBe(people);
    },
  );

  test.each(["utf-8", "utf-16le", "utf-16be"])("%s with a byte order mark loses the mark", (encoding) => {
    const bytes = iconv.encode(people, encoding, { addBOM: true });
    expect(guessEncoding(bytes)).toMatchObject({ encoding, bom: true });
    expect(decodeSample(bytes, guessEncoding(bytes).encoding)).toBe(people);
  });

  test.each([
    ["shift_jis", "名前,会社,都市\n山田太郎,株式会社テスト,東京\n鈴木花子,有限会社サンプル,大阪\n"],
    [
      "windows-1251",
      "имя,фамилия,город\nИван,Петров,Москва\nОльга,Смирнова,Санкт-Петербург\nАлексей,Кузнецов,Казань\n",
    ],
    ["gb18030", "姓名,公司,城市\n王伟,示例科技有限公司,北京\n李娜,测试贸易有限公司,上海\n"],
  ])("%s by statistics", (encoding, text) =>
    expect(guessEncoding(iconv.encode(text, encoding)).encoding).toBe(encoding),
  );

  test("the first accent may come late: the whole stream is looked at", () => {
    const check = createUtf8Check();
    check.push(Buffer.from("plain ascii\n"));
    const euro = Buffer.from("€");
    check.push(euro.subarray(0, 1));
    check.push(Buffer.concat([euro.subarray(1), Buffer.from("\n")]));
    expect(check.evidence()).toBeUndefined();
    check.push(Buffer.from([0x4a, 0x6f, 0x73, 0xe9, 0x2c]));
    expect(check.evidence()).toBeDefined();
  });
});

describe("layout", () => {
  const layout = (text: string, overrides = {}) => guessLayout(text, true, overrides);

  test.each([",", ";", "\t", "|"] as const)("delimiter %j", (delimiter) => {
    expect(layout(people.replaceAll(",", delimiter)).delimiter).toBe(delimiter);
  });

  test("decimal commas don't make a comma the delimiter", () => {
    expect(layout("name;price;share\nA;1,50;2,5\nB;3,25;4,75\n").delimiter).toBe(";");
  });

  test("quoted newlines and delimiters don't count", () => {
    expect(layout('a;b\n"x,y,z\nx,y,z";1\n"x,y,z";2\n').delimiter).toBe(";");
  });

  test("Excel's sep= line names the delimiter and is no data", () => {
    const guess = layout("sep=;\r\nfirst_name;email\r\nAnn;a@example.com\r\n");
    expect(guess).toMatchObject({ delimiter: ";", sep_line: true, has_header: true, header_line: 2 });
  });

  test("titles above the header are passed over", () => {
    const guess = layout(
      "Lead list March\nExported by Ann,2024-03-15\n\nemail,first_name\na@example.com,Ann\n",
    );
    expect(guess).toMatchObject({ has_header: true, header_line: 4 });
  });

  test("blank lines above the header are counted", () => expect(layout(`\n\n${people}`).header_line).toBe(3));

  test("data without a header is told apart", () => {
    expect(layout("a@example.com,Ann,+14155550101\nb@example.com,Bob,+14155550102\n").has_header).toBe(false);
  });

  test("what a person says wins over the guess", () => {
    const said = layout("Title;x\na;b\n1;2\n", { delimiter: ",", header_line: 2, has_header: true });
    expect(said).toMatchObject({ delimiter: ",", header_line: 2 });
  });

  test("one column is a table too", () => {
    expect(layout("email\na@example.com\nb@example.com\n")).toMatchObject({
      delimiter: ",",
      has_header: true,
    });
  });
});

describe.skipIf(!existsSync(data))("csv-spectrum (shared/data)", () => {
  const folder = new URL("csv/csv-spectrum/", data);
  const names = existsSync(folder)
    ? readdirSync(new URL("csvs/", folder)).map((name) => name.replace(".csv", ""))
    : [];
  // location_coordinates' expected answer isn't its own file's content, upstream too.
  test.each(names.filter((name) => name !== "location_coordinates"))("%s", (name) => {
    const text = readFileSync(new URL(`csvs/${name}.csv`, folder), "utf8");
    const expected: unknown = JSON.parse(readFileSync(new URL(`json/${name}.json`, folder), "utf8"));
    const [header = [], ...rows] = tableOf(text, ",", "\n", true).rows;
    const got = rows.map((row) => Object.fromEntries(header.map((key, at) => [key, row[at]])));
    // Our copy of the files has \n where the names say crlf.
    expect(JSON.stringify(got)).toBe(
      JSON.stringify(expected).replaceAll("\\r\\n", text.includes("\r\n") ? "\\r\\n" : "\\n"),
    );
  });
});
