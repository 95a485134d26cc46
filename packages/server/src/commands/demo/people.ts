import type { LeadIn } from "@bellwether/contracts/leads";
import type { Dice } from "./dice.ts";
import { places } from "./places.ts";

const industries = [
  "SaaS",
  "Manufacturing",
  "Retail",
  "Healthcare",
  "Education",
  "Logistics",
  "Finance",
  "Hospitality",
] as const;
const starts = [
  "North",
  "Blue",
  "Silver",
  "Green",
  "Bright",
  "Iron",
  "Clear",
  "High",
  "Swift",
  "Open",
  "Stone",
  "Golden",
  "Quiet",
  "River",
  "Summit",
  "Harbour",
] as const;
const ends = [
  "field",
  "line",
  "works",
  "bridge",
  "gate",
  "lake",
  "path",
  "forge",
  "light",
  "wood",
  "point",
  "crest",
  "mill",
  "side",
  "port",
  "peak",
] as const;
const kinds = [
  "",
  " Systems",
  " Labs",
  " & Co",
  " Group",
  " Health",
  " Foods",
  " Logistics",
  " Studio",
  " Partners",
] as const;
const titles = [
  "Head of Marketing",
  "Sales Manager",
  "Founder",
  "Operations Lead",
  "CFO",
  "IT Manager",
  "Office Manager",
  "Product Manager",
  "CEO",
  "Purchasing Lead",
  "Growth Lead",
  "Consultant",
] as const;
const sources = [
  "website",
  "website",
  "website",
  "referral",
  "trade fair",
  "webinar",
  "newsletter",
  "partner",
  "cold call",
] as const;
const tags = [
  "vip",
  "webinar spring",
  "trade fair",
  "newsletter",
  "pilot",
  "price-sensitive",
  "renewal",
  "partner",
] as const;
const interests = ["automation", "reporting", "integrations", "mobile", "security"] as const;

export const demoFields = [
  {
    key: "industry",
    label: "Industry",
    type: "choice",
    options: industries.map((label) => ({ value: label, label })),
  },
  { key: "employees", label: "Employees", type: "number" },
  { key: "budget", label: "Yearly budget", type: "money" },
  { key: "website", label: "Website", type: "url" },
  {
    key: "interests",
    label: "Interests",
    type: "choices",
    options: interests.map((label) => ({ value: label, label })),
  },
  { key: "uses_competitor", label: "Uses a competitor", type: "yes_no" },
  { key: "renewal_on", label: "Contract renews on", type: "date" },
] as const;

const plain = (text: string): string =>
  text
    .normalize("NFKD")
    .replaceAll("ß", "ss")
    .replaceAll("ı", "i")
    .replace(/[^\w ]/g, "")
    .toLowerCase()
    .trim()
    .replaceAll(/ +/g, "-");

/** A person who could exist. `number` makes the address one of a kind, as namesakes get one in life. */
export function person(d: Dice, number: number): LeadIn {
  const place = d.pick([places[0], places[0], places[1] ?? places[0], ...places]);
  const [city, time_zone] = d.pick(place.cities);
  const [first_name, last_name] = [d.pick(place.first), d.pick(place.last)];
  const company = `${d.pick(starts)}${d.pick(ends)}${d.pick(kinds)}`;
  const domain = `${plain(company)}.example`;
  return {
    email: `${plain(first_name)}.${plain(last_name)}${number}@${domain}`,
    first_name,
    last_name,
    company,
    job_title: d.pick(titles),
    phone: place.phone !== null && d.chance(0.35) ? place.phone(number) : null,
    source: d.pick(sources),
    country: place.country,
    city,
    time_zone,
    language: place.language,
    attributes: {
      industry: d.pick(industries),
      employees: d.pick([5, 12, 30, 60, 120, 250, 600, 1500, 4000]),
      ...(d.chance(0.5) ? { budget: d.between(2, 120) * 500 } : {}),
      ...(d.chance(0.7) ? { website: `https://www.${domain}` } : {}),
      ...(d.chance(0.6) ? { interests: d.some(interests, 3) } : {}),
      ...(d.chance(0.5) ? { uses_competitor: d.chance(0.4) } : {}),
      ...(d.chance(0.3)
        ? {
            renewal_on: `2027-${String(d.between(1, 12)).padStart(2, "0")}-${String(d.between(1, 28)).padStart(2, "0")}`,
          }
        : {}),
    },
    tags: d.some(tags, 2),
  };
}

/** How far a lead has come: most are new, few are won. */
export function laterStage(d: Dice): string | null {
  return d.pick([
    null,
    null,
    null,
    "contacted",
    "contacted",
    "contacted",
    "qualifying",
    "qualifying",
    "qualified",
    "follow_up",
    "converted",
    "lost",
  ]);
}

export const reasons = ["Price", "No budget", "Chose a competitor", "Bad timing", "No answer"] as const;

export const notes = [
  "Asked for a demo with the whole team. Wants to see <b>imports</b> first.",
  "Budget is decided in the next quarter; call again at the beginning of it.",
  "Compares us with two others. Price matters less than support.",
  "Left a voicemail, will try again on Thursday.",
  "Very happy with the trial. Needs an offer for 25 seats.",
  "Currently on paper and spreadsheets. Migration is the main worry.",
  "Met at the trade fair, short talk at the booth. Send the brochure.",
  "Not the one who decides; introduced us to the head of operations.",
] as const;
