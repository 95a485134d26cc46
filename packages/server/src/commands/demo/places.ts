interface Place {
  country: string;
  language: string;
  cities: readonly [[city: string, time_zone: string], ...[city: string, time_zone: string][]];
  /** From ranges that the countries keep free for films and examples, another for each of 5,000 people; null: no such range. */
  phone: ((number: number) => string) | null;
  first: readonly [string, ...string[]];
  last: readonly [string, ...string[]];
}

const AREAS =
  "201 202 203 205 206 207 208 210 212 213 214 215 216 217 218 219 224 225 228 229 231 234 239 240 248 251 252 253 254 256 260 262 267 269 270 276 281 301 302 303 304 305 307 308 309 310 312 313 314 315".split(
    " ",
  );
/** `number` spread over ranges of `size` numbers each. */
const within = (ranges: readonly string[], size: number, number: number): string =>
  `+${ranges[Math.floor(number / size) % ranges.length] ?? ""}${String(number % size).padStart(String(size - 1).length, "0")}`;

export const places: readonly [Place, ...Place[]] = [
  {
    country: "United States",
    language: "en",
    cities: [
      ["Boston", "America/New_York"],
      ["Austin", "America/Chicago"],
      ["Denver", "America/Denver"],
      ["Seattle", "America/Los_Angeles"],
      ["Chicago", "America/Chicago"],
      ["New York", "America/New_York"],
    ],
    phone: (number) =>
      within(
        AREAS.map((area) => `1${area}55501`),
        100,
        number,
      ),
    first: [
      "Olivia",
      "Noah",
      "Emma",
      "Liam",
      "Ava",
      "Ethan",
      "Sophia",
      "Mason",
      "Grace",
      "Caleb",
      "Naomi",
      "Jordan",
      "Maya",
      "Tyler",
      "Zoe",
      "Marcus",
    ],
    last: [
      "Carter",
      "Nguyen",
      "Brooks",
      "Hernandez",
      "Reed",
      "Patel",
      "Sullivan",
      "Washington",
      "Kim",
      "Foster",
      "Rivera",
      "Bennett",
      "Coleman",
      "Park",
      "Hayes",
      "Ortiz",
    ],
  },
  {
    country: "United Kingdom",
    language: "en",
    cities: [
      ["London", "Europe/London"],
      ["Leeds", "Europe/London"],
      ["Bristol", "Europe/London"],
      ["Glasgow", "Europe/London"],
    ],
    phone: (number) =>
      within(["442079460", "441214960", "441134960", "441614960", "441314960"], 1000, number),
    first: [
      "Amelia",
      "Oliver",
      "Isla",
      "Harry",
      "Freya",
      "Arjun",
      "Poppy",
      "Callum",
      "Imogen",
      "Rhys",
      "Aisha",
      "Fergus",
    ],
    last: [
      "Whitfield",
      "Khan",
      "Ashworth",
      "MacLeod",
      "Hughes",
      "Okafor",
      "Pemberton",
      "Shah",
      "Barnes",
      "Lennox",
      "Doyle",
      "Sutton",
    ],
  },
  {
    country: "Germany",
    language: "de",
    cities: [
      ["Berlin", "Europe/Berlin"],
      ["Hamburg", "Europe/Berlin"],
      ["München", "Europe/Berlin"],
      ["Köln", "Europe/Berlin"],
      ["Leipzig", "Europe/Berlin"],
    ],
    phone: (number) =>
      within(["493023125", "496990009", "494066969", "492214710", "498999998"], 1000, number),
    first: [
      "Lena",
      "Jonas",
      "Mia",
      "Lukas",
      "Jürgen",
      "Anna",
      "Felix",
      "Käthe",
      "Emre",
      "Sophie",
      "Björn",
      "Clara",
      "Yusuf",
      "Greta",
    ],
    last: [
      "Müller",
      "Schäfer",
      "Yılmaz",
      "Weber",
      "Köhler",
      "Brandt",
      "Vogel",
      "Großmann",
      "Lindner",
      "Öztürk",
      "Haas",
      "Kowalski",
    ],
  },
  {
    country: "France",
    language: "fr",
    cities: [
      ["Paris", "Europe/Paris"],
      ["Lyon", "Europe/Paris"],
      ["Nantes", "Europe/Paris"],
      ["Toulouse", "Europe/Paris"],
    ],
    phone: null,
    first: [
      "Chloé",
      "Hugo",
      "Léa",
      "Théo",
      "Inès",
      "Jérôme",
      "Camille",
      "François",
      "Amandine",
      "Mathis",
      "Zélie",
      "Karim",
    ],
    last: [
      "Lefèvre",
      "Moreau",
      "Garnier",
      "Benali",
      "Château",
      "Dupuis",
      "Rousseau",
      "Faure",
      "Marchand",
      "Diallo",
    ],
  },
  {
    country: "Spain",
    language: "es",
    cities: [
      ["Madrid", "Europe/Madrid"],
      ["Valencia", "Europe/Madrid"],
      ["Sevilla", "Europe/Madrid"],
    ],
    phone: null,
    first: ["Lucía", "Mateo", "Sofía", "Álvaro", "Carmen", "Iñaki", "Nuria", "Diego"],
    last: ["García", "Muñoz", "Ibáñez", "Navarro", "Ortega", "Peña", "Vidal", "Romero"],
  },
  {
    country: "Japan",
    language: "ja",
    cities: [
      ["Tokyo", "Asia/Tokyo"],
      ["Osaka", "Asia/Tokyo"],
    ],
    phone: null,
    first: ["Haruto", "Yui", "Ren", "Sakura", "Kaito", "Aoi"],
    last: ["Tanaka", "Sato", "Suzuki", "Watanabe", "Kobayashi", "Mori"],
  },
];
