"""The cities of the fictional world, with the shapes of their addresses and telephone numbers.

Telephone numbers come from ranges that regulators keep for fiction: 555-01xx in North America, 7946 0xxx, 496 0xxx and
07700 900xxx in the United Kingdom (Ofcom), and their likes in Germany (BNetzA), France (ARCEP), Sweden (PTS) and
Australia (ACMA). Elsewhere the subscriber's part begins with 000, which is not handed out.
"""

from dataclasses import dataclass

__all__ = ["PLACES", "Country", "Place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """What the addresses of a country share; "#" stands for a digit.

    Attributes:
        names: its name in English, then other ways to write it.
        calling_code: without "+".
        trunk: what stands before the area code inside the country.
        mobile: a mobile number as groups of digits, without the trunk prefix; None where the landline serves.
        streets: "#" is the house number.
        suffixes: ways to write one kind of company there, the commonest first.
    """

    names: tuple[str, ...]
    calling_code: str
    trunk: str
    mobile: str | None
    streets: tuple[str, ...]
    suffixes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A city; *postal_code* and *line* (a landline number without trunk prefix) have "#" for digits."""

    city: str
    region: str | None
    postal_code: str
    line: str
    country: Country


_LIMITED = ("Ltd.", "Ltd", "Limited")

_US = Country(
    names=("United States", "USA", "US"),
    calling_code="1",
    trunk="",
    mobile=None,
    streets=("# Market Street", "# Main St", "# Lincoln Ave.", "# Oak Boulevard", "# 5th Avenue, Suite 12"),
    suffixes=("Inc.", "Inc", "Incorporated"),
)
_CANADA = Country(
    names=("Canada", "CA"),
    calling_code="1",
    trunk="",
    mobile=None,
    streets=("# King Street West", "# Rue Sainte-Catherine", "# Elm Avenue"),
    suffixes=("Inc.", "Inc", "Incorporated"),
)
_UK = Country(
    names=("United Kingdom", "UK", "Great Britain"),
    calling_code="44",
    trunk="0",
    mobile="7700 900###",
    streets=("# King's Road", "# High Street", "# Station Road", "Unit #, Mill Lane"),
    suffixes=_LIMITED,
)
_IRELAND = Country(
    names=("Ireland", "IE"),
    calling_code="353",
    trunk="0",
    mobile=None,
    streets=("# O'Connell Street", "# Abbey Road", "# Harbour View"),
    suffixes=("Ltd.", "Ltd", "Teoranta"),
)
_GERMANY = Country(
    names=("Germany", "Deutschland", "DE"),
    calling_code="49",
    trunk="0",
    mobile="171 39200##",
    streets=("Lindenstraße #", "Hauptstr. #", "Königsallee #", "Am Mühlbach #"),
    suffixes=("GmbH", "Gesellschaft mbH", "G.m.b.H."),
)
_FRANCE = Country(
    names=("France", "FR"),
    calling_code="33",
    trunk="0",
    mobile="6 39 98 ## ##",
    streets=("# rue de l'Église", "# avenue Jean-Jaurès", "# bd. Voltaire"),
    suffixes=("SARL", "S.A.R.L.", "Sàrl"),
)
_SPAIN = Country(
    names=("Spain", "España"),
    calling_code="34",
    trunk="",
    mobile="600 000 ###",
    streets=("Calle de la Peña #", "Avenida del Sol #", "Plaza Mayor #"),
    suffixes=("S.L.", "SL", "Sociedad Limitada"),
)
_ITALY = Country(
    names=("Italy", "Italia"),
    calling_code="39",
    trunk="",
    mobile="300 000 ####",
    streets=("Via Garibaldi #", "Corso d'Italia #", "Piazza del Popolo #"),
    suffixes=("S.r.l.", "Srl", "SRL"),
)
_POLAND = Country(
    names=("Poland", "Polska"),
    calling_code="48",
    trunk="",
    mobile="500 000 ###",
    streets=("ul. Łąkowa #", "ul. Główna #", "al. Róż #"),
    suffixes=("Sp. z o.o.", "Sp. z o. o.", "sp. z o.o."),
)
_SWEDEN = Country(
    names=("Sweden", "Sverige"),
    calling_code="46",
    trunk="0",
    mobile="70 174 06 ##",
    streets=("Storgatan #", "Björkvägen #", "Ångströms gata #"),
    suffixes=("AB", "Aktiebolag", "A.B."),
)
_BRAZIL = Country(
    names=("Brazil", "Brasil"),
    calling_code="55",
    trunk="0",
    mobile="11 90000 ####",
    streets=("Rua São João, #", "Avenida Paulista, #", "Rua da Conceição, #"),
    suffixes=("Ltda.", "Ltda", "Limitada"),
)
_JAPAN = Country(
    names=("Japan", "日本"),
    calling_code="81",
    trunk="0",
    mobile="90 0000 ####",
    streets=("#-4-8 Shibakōen", "#-1 Marunouchi", "#-2-1 Nishi-Shinjuku"),
    suffixes=("K.K.", "KK", "Kabushiki Kaisha"),
)
_CHINA = Country(
    names=("China", "CN"),
    calling_code="86",
    trunk="0",
    mobile="130 0000 ####",
    streets=("# Nanjing Road", "# Huaihai Lu", "# Century Avenue"),
    suffixes=("Co., Ltd.", "Co. Ltd", "Company Limited"),
)
_INDIA = Country(
    names=("India", "IN"),
    calling_code="91",
    trunk="0",
    mobile="70000 00###",
    streets=("# M.G. Road", "# Brigade Road", "Plot #, Sector 5"),
    suffixes=("Pvt. Ltd.", "Pvt Ltd", "Private Limited"),
)
_NIGERIA = Country(
    names=("Nigeria", "NG"),
    calling_code="234",
    trunk="0",
    mobile="800 000 ####",
    streets=("# Broad Street", "# Awolowo Road", "# Marina"),
    suffixes=_LIMITED,
)
_EMIRATES = Country(
    names=("United Arab Emirates", "UAE"),
    calling_code="971",
    trunk="0",
    mobile="50 000 ####",
    streets=("# Sheikh Zayed Road", "# Al Wasl Road"),
    suffixes=("LLC", "L.L.C.", "L.L.C"),
)
_KOREA = Country(
    names=("South Korea", "Korea, Republic of"),
    calling_code="82",
    trunk="0",
    mobile="10 0000 ####",
    streets=("# Sejong-daero", "# Teheran-ro"),
    suffixes=("Co., Ltd.", "Co. Ltd", "Company Limited"),
)
_TURKEY = Country(
    names=("Türkiye", "Turkey"),
    calling_code="90",
    trunk="0",
    mobile="500 000 ## ##",
    streets=("İstiklal Caddesi #", "Atatürk Bulvarı #"),
    suffixes=("A.Ş.", "AŞ", "Anonim Şirketi"),
)
_UKRAINE = Country(
    names=("Ukraine", "UA"),
    calling_code="380",
    trunk="0",
    mobile="50 000 ## ##",
    streets=("вул. Хрещатик, #", "# Shevchenka St"),
    suffixes=("LLC", "L.L.C.", "TOV"),
)
_VIETNAM = Country(
    names=("Vietnam", "Việt Nam"),
    calling_code="84",
    trunk="0",
    mobile="90 000 ####",
    streets=("# Đường Lê Lợi", "# Nguyễn Huệ"),
    suffixes=("Co., Ltd.", "Co. Ltd", "Company Limited"),
)
_AUSTRALIA = Country(
    names=("Australia", "AU"),
    calling_code="61",
    trunk="0",
    mobile="491 570 ###",
    streets=("# George Street", "# Collins St", "# Beach Parade"),
    suffixes=("Pty Ltd", "Pty. Ltd.", "Proprietary Limited"),
)

_ROWS: tuple[tuple[Country, str, str | None, str, str], ...] = (
    (_US, "San Francisco", "CA", "941##", "415 555 01##"),
    (_US, "New York", "NY", "100##", "212 555 01##"),
    (_US, "Chicago", "IL", "606##", "312 555 01##"),
    (_US, "Austin", "TX", "787##", "512 555 01##"),
    (_US, "Seattle", "WA", "981##", "206 555 01##"),
    (_US, "Boston", "MA", "021##", "617 555 01##"),
    (_US, "Denver", "CO", "802##", "303 555 01##"),
    (_US, "Atlanta", "GA", "303##", "404 555 01##"),
    (_CANADA, "Toronto", "ON", "M5H 2N2", "416 555 01##"),
    (_CANADA, "Montréal", "QC", "H2Y 1C6", "514 555 01##"),
    (_UK, "London", "Greater London", "EC1A 1BB", "20 7946 0###"),
    (_UK, "Leeds", "West Yorkshire", "LS1 4AP", "113 496 0###"),
    (_UK, "Glasgow", "Scotland", "G2 1DU", "141 496 0###"),
    (_IRELAND, "Dublin", None, "D02 X285", "20 910 00##"),
    (_GERMANY, "Berlin", "Berlin", "10###", "30 23125 ###"),
    (_GERMANY, "München", "Bayern", "80###", "89 99998 ###"),
    (_GERMANY, "Köln", "Nordrhein-Westfalen", "50###", "221 4710 ###"),
    (_GERMANY, "Hamburg", "Hamburg", "20###", "40 66969 ###"),
    (_FRANCE, "Paris", "Île-de-France", "750##", "1 99 00 ## ##"),
    (_FRANCE, "Lyon", "Auvergne-Rhône-Alpes", "690##", "4 65 71 ## ##"),
    (_SPAIN, "Madrid", "Madrid", "280##", "910 000 ###"),
    (_SPAIN, "A Coruña", "Galicia", "150##", "981 000 ###"),
    (_ITALY, "Milano", "Lombardia", "201##", "02 0000 ####"),
    (_ITALY, "L'Aquila", "Abruzzo", "671##", "0862 000 ###"),
    (_POLAND, "Kraków", "Małopolska", "30-0##", "12 000 ## ##"),
    (_POLAND, "Łódź", "Łódzkie", "90-0##", "42 000 ## ##"),
    (_SWEDEN, "Stockholm", None, "111 ##", "8 465 004 ##"),
    (_SWEDEN, "Malmö", "Skåne", "211 ##", "40 628 04 ##"),
    (_BRAZIL, "São Paulo", "SP", "01310-###", "11 0000 ####"),
    (_JAPAN, "Tokyo", "Tōkyō", "105-00##", "3 0000 ####"),
    (_JAPAN, "大阪", "大阪府", "530-00##", "6 0000 ####"),
    (_CHINA, "Shanghai", None, "2000##", "21 0000 ####"),
    (_INDIA, "Bengaluru", "Karnataka", "5600##", "80 0000 ####"),
    (_INDIA, "Mumbai", "Maharashtra", "4000##", "22 0000 ####"),
    (_NIGERIA, "Lagos", "Lagos", "1012##", "1 000 ####"),
    (_EMIRATES, "Dubai", "Dubai", "", "4 000 ####"),
    (_KOREA, "Seoul", None, "045##", "2 0000 ####"),
    (_TURKEY, "İstanbul", None, "344##", "212 000 ## ##"),
    (_UKRAINE, "Kyiv", None, "010##", "44 000 ## ##"),
    (_VIETNAM, "Thành phố Hồ Chí Minh", None, "7000##", "28 0000 ####"),
    (_AUSTRALIA, "Sydney", "NSW", "20##", "2 5550 ####"),
    (_AUSTRALIA, "Melbourne", "VIC", "30##", "3 5550 ####"),
)

PLACES: dict[str, Place] = {
    city: Place(country=country, city=city, region=region, postal_code=postal_code, line=line)
    for country, city, region, postal_code, line in _ROWS
}
"""Every city by its name."""
