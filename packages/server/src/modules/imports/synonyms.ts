import { normalHeader } from "./shapes.ts";

/**
 * Headers that mean a standard field, in the exports of HubSpot, Mailchimp, Google Contacts, Salesforce, Zoho,
 * Pipedrive, Outlook and in several languages. In the plain form of `normalHeader`. Earlier means a better claim:
 * where two columns claim one field, the one further ahead in this list gets it.
 */
const headers: Record<string, string> = {
  email: `email|e mail|email address|e mail address|mail|mail address|primary email|contact email|work email|email work|e mail 1 value|email 1 value
    |business email|person email work|person email|lead email|emailadresse|e mail adresse|mailadresse|correo electronico|correo|direccion de correo|direccion de correo electronico
    |adresse email|adresse e mail|adresse electronique|courriel|e mailadres|emailadres|mejl|e post|epost|indirizzo email|indirizzo e mail|posta elettronica
    |endereco de email|endereco de e mail|adres email|adres e mail|email adresi|e posta|электронная почта|почта|邮箱|电子邮件|电子邮箱|メール|メールアドレス|이메일`,
  first_name: `first name|firstname|given name|forename|christian name|fname|first|person first name|vorname|rufname|prenom|nombre|nombres|primer nombre|nome|primeiro nome|voornaam|fornamn|fornavn|imie|etunimi|jmeno|ad|имя|名|名字|이름`,
  last_name: `last name|lastname|surname|family name|lname|last|person last name|nachname|familienname|nom|nom de famille|apellido|apellidos|cognome|sobrenome|apelido|achternaam|efternamn|etternavn|efternavn|nazwisko|sukunimi|prijmeni|soyad|фамилия|姓|姓氏|성`,
  company: `company|company name|organization|organisation|organization name|organisation name|account name|account|employer|business name|business|associated company|primary associated company|organization 1 name|person organization
    |firma|firmenname|unternehmen|entreprise|societe|empresa|compania|azienda|societa|ditta|bedrijf|bedrijfsnaam|organisatie|foretag|yritys|sirket|компания|организация|公司|公司名称|会社|会社名|회사`,
  job_title: `job title|jobtitle|title|position|job position|job role|organization title|organization 1 title|berufsbezeichnung|jobtitel|funktion|poste|fonction|intitule du poste|cargo|puesto|qualifica|ruolo|posizione|functie|stanowisko|unvan|должность|职位|职务|役職`,
  phone: `phone|phone number|telephone|telephone number|mobile|mobile phone|mobile number|mobile phone number|cell|cell phone|cellphone|primary phone|work phone|phone work|business phone|phone 1 value|person phone|person phone work|contact phone number|contact phone|tel|tel no|phone no|main phone|direct phone
    |telefon|telefonnummer|rufnummer|handy|handynummer|mobil|mobilnummer|mobiltelefon|portable|telephone portable|numero de telephone|telefono|numero de telefono|celular|movil|telefono movil|cellulare|numero di telefono|telefone|telemovel|telefoonnummer|telefoon|mobiel|numer telefonu|telefon komorkowy|puhelin|puhelinnumero|telefon numarasi|телефон|номер телефона|мобильный|电话|手机|手机号|電話|電話番号|전화번호`,
  whatsapp_id: `whatsapp|whatsapp id|whatsapp number|whatsapp phone|whatsapp phone number|wa id`,
  external_id: `external id|externalid|record id|contact id|contactid|lead id|leadid|customer id|customerid|customer number|client id|person id|crm id|salesforce id|hubspot id|zoho id|leid|unique id|id|uid|uuid|kundennummer|kunden nr|kundennr|kunden id|numero client|numero de cliente|id cliente|codice cliente|klantnummer|numer klienta|asiakasnumero|客户编号`,
  source: `lead source|source|original source|original traffic source|acquisition source|channel|quelle|leadquelle|herkunft|origine|origen|fuente|fonte|origem|bron|zrodlo|источник|来源`,
  lost_reason: `lost reason|reason lost|loss reason|closed lost reason|verlustgrund|motivo de pérdida|motivo da perda`,
  stage: `stage|lead stage|pipeline stage|deal stage|phase|etapa|etape|fase|этап|阶段`,
  country: `country|country region|country name|mailing country|country code|cc|billing country|person country|home country|business country|land|pays|pais|paese|nazione|kraj|maa|ulke|страна|国家|国|국가`,
  region: `region|state|state region|state province|province|mailing state|mailing state province|county|business state|bundesland|departement|provincia|estado|regione|regiao|wojewodztwo|регион|область|省|省份|都道府県`,
  city: `city|town|mailing city|billing city|person city|business city|locality|ort|stadt|wohnort|ville|ciudad|citta|cidade|stad|plaats|woonplaats|miasto|kaupunki|mesto|sehir|город|城市|市`,
  time_zone: `time zone|timezone|tz|zeitzone|fuseau horaire|zona horaria|fuso orario|fuso horario|tijdzone`,
  language: `language|preferred language|locale|sprache|langue|idioma|lingua|taal|jezyk|kieli|dil|язык|语言|言語`,
  avatar_url: `avatar|avatar url|photo|photo url|picture|picture url|image url|profile picture|foto`,
  qualification: `qualification`,
  owner_id: `owner|lead owner|contact owner|record owner|assigned to|account executive|sales rep|sales owner|besitzer|zustandig|betreuer|proprietaire|propietario|responsable|responsabile|eigenaar|wlasciciel|ответственный|负责人`,
  tags: `tags|tag|labels|label|group membership|groups|categories|schlagworte|schlagworter|etiquettes|etiquetas|etichette|теги|标签`,
};

const known = new Map<string, { field: string; rank: number }>();
for (const [field, names] of Object.entries(headers)) {
  for (const [rank, name] of names.split("|").entries()) {
    const key = normalHeader(name);
    if (!known.has(key)) known.set(key, { field, rank });
  }
}

/** The standard field a plain header means and how good its claim is (0 is best). */
export function knownHeader(plain: string): { field: string; rank: number } | undefined {
  return known.get(plain);
}

/** What other products keep for themselves: bookkeeping that says nothing of the person. Not proposed, can be chosen. */
export function bookkeeping(plain: string): boolean {
  return /^(euid|optin ip|confirm ip|gmtoff|dstoff|phonetic (first|middle|last) name|file as|(e mail|phone|address|website|event|relation|im|custom field) \d+ (label|type)|initials|semodule|who id id|record index)$/.test(
    plain,
  );
}
