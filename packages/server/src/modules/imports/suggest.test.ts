import { describe, expect, test } from "vitest";
import { suggestColumns, type Known } from "./suggest.ts";

const known: Known = {
  fields: [],
  stages: ["new", "New", "contacted", "Contacted"],
  may_create_fields: true,
};
const suggested = (headers: string[], rows: string[][] = [], over: Partial<Known> = {}) =>
  suggestColumns(headers, rows, { ...known, ...over }).map((column) => {
    if (column.suggestion === null) return null;
    return "field" in column.suggestion
      ? column.suggestion.field
      : `${column.suggestion.new_field.key}:${column.suggestion.new_field.type}`;
  });

describe("from headers", () => {
  test("HubSpot", () => {
    expect(
      suggested(
        [
          "Record ID",
          "First Name",
          "Last Name",
          "Email",
          "Phone Number",
          "Contact owner",
          "Lifecycle Stage",
          "Create Date",
          "Associated Company",
          "Country/Region",
          "Original Source",
        ],
        [
          [
            "900",
            "Ada",
            "Okafor",
            "ada@example.com",
            "+14155550101",
            "Sam Sales (sam@example.com)",
            "Lead",
            "2024-03-10 09:14",
            "Analytica",
            "United States",
            "Organic",
          ],
        ],
      ),
    ).toEqual([
      "external_id",
      "first_name",
      "last_name",
      "email",
      "phone",
      "owner_id",
      "lifecycle_stage:text",
      "create_date:datetime",
      "company",
      "country",
      "source",
    ]);
  });

  test("Mailchimp", () => {
    expect(
      suggested(
        ["Email Address", "First Name", "OPTIN_IP", "TIMEZONE", "CC", "REGION", "LEID", "EUID", "TAGS"],
        [["a@example.com", "Ada", "", "Europe/Madrid", "ES", "", "45000", "c2", '"VIP"']],
      ),
    ).toEqual(["email", "first_name", null, "time_zone", "country", "region", "external_id", null, "tags"]);
  });

  test("Google Contacts", () => {
    const headers = [
      "First Name",
      "Phonetic First Name",
      "Organization Name",
      "Organization Title",
      "E-mail 1 - Label",
      "E-mail 1 - Value",
      "Phone 1 - Value",
    ];
    expect(
      suggested(headers, [["Ada", "", "Analytica", "CTO", "* Work", "ada@example.com", "+14155550101"]]),
    ).toEqual(["first_name", null, "company", "job_title", null, "email", "phone"]);
  });

  test.each([
    [["E-Mail", "Vorname", "Nachname", "Telefonnummer", "Firma"]],
    [["Correo electrónico", "Nombre", "Apellidos", "Teléfono", "Empresa"]],
    [["Adresse e-mail", "Prénom", "Nom", "Téléphone", "Société"]],
    [["メールアドレス", "名", "姓", "電話番号", "会社名"]],
    [["PERSON_EMAIL_ADDRESS".replace("PERSON_", ""), "firstName", "lastName", "phoneNumber", "companyName"]],
  ])("%j", (headers) => {
    expect(suggested(headers)).toEqual(["email", "first_name", "last_name", "phone", "company"]);
  });

  test("no field is proposed twice; the second one becomes a field of its own", () => {
    expect(suggested(["E-Mail", "Correo electrónico", "email"], [["a@x.io", "b@x.io", "c@x.io"]])).toEqual([
      "e_mail:text",
      "correo_electronico:text",
      "email",
    ]);
  });

  test("custom fields that exist are found by label or key", () => {
    const fields = [{ key: "plan_name", label: "Plan", type: "choice" as const }];
    expect(suggested(["PLAN"], [["pro"]], { fields })).toEqual(["attributes.plan_name"]);
  });

  test("hostile headers are just names", () => {
    const headers = ["__proto__", "constructor", "toString", "", "  "];
    expect(suggested(headers, [["a", "b", "c", "d", "e"]])).toEqual([
      "proto_field:text",
      "constructor_field:text",
      "to_string_field:text",
      "field:text",
      "field_2:text",
    ]);
  });
});

describe("from values", () => {
  const column = (values: string[], header = "thing") =>
    suggested(
      [header],
      values.map((value) => [value]),
    )[0];

  test.each([
    [["2024-03-15", "2024-04-01"], "thing:date"],
    [["15 Apr, 2021 00:03:00"], "thing:datetime"],
    [["3/15/24 2:30 PM", "3/16/24"], "thing:datetime"],
    [["1", "-25", "3.5"], "thing:number"],
    [["€ 20", "1.234,50 €"], "thing:money"],
    [["yes", "NO"], "thing:yes_no"],
    [["https://example.com/a"], "thing:url"],
    [["007", "12"], "thing:text"],
    [["1234567890123456789"], "thing:text"],
    [Array.from({ length: 20 }, (_, at) => (at % 2 ? "Free" : "Pro")), "thing:choice"],
    [["Free", "Pro"], "thing:text"],
    [["a@example.com", "b@example.com"], "email"],
    [["1,234.50", "$1k"], "thing:text"],
  ])("%j", (values, expected) => expect(column(values)).toBe(expected));

  test("a header that its values contradict isn't believed", () => {
    expect(column(["yes", "no"], "Email")).toBe("email:yes_no".replace("email:", "email_2:"));
    expect(column(["NEW", "OPEN_DEAL"], "Stage")).toBe("stage_2:text");
    expect(column(["New", "Contacted"], "Stage")).toBe("stage");
  });

  test("a score can't be imported over ours", () =>
    expect(column(["1", "2"], "score")).toBe("score_2:number"));

  test("an empty column isn't proposed", () => expect(column(["", " "])).toBeNull());

  test("who may not create fields isn't offered any", () => {
    expect(suggested(["Email", "Plan"], [["a@x.io", "pro"]], { may_create_fields: false })).toEqual([
      "email",
      null,
    ]);
  });
});
