/** How a language writes dates (`YYYY-MM-DD`), amounts in minor units of a currency, numbers and shares such as `0.19`. */
export function wording(language: string, currency: string) {
  const locale = language === 'en' ? 'en-GB' : language; // days stand before months where our insurers are
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' });
  const amounts = new Intl.NumberFormat(locale, { style: 'currency', currency });
  const numbers = new Intl.NumberFormat(locale);
  const shares = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 2 });
  const minorUnits = 10 ** (amounts.resolvedOptions().maximumFractionDigits ?? 2);
  return {
    date: (date: string) => dates.format(new Date(`${date}T00:00:00Z`)),
    amount: (minor: number) => amounts.format(minor / minorUnits),
    number: (number: number) => numbers.format(number),
    share: (share: string) => shares.format(Number(share)),
  };
}
