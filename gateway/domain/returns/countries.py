"""Countries as schools write them, for telling that a destination is abroad.

The other nations of the United Kingdom count as abroad here: section 436A reaches no further than England. A name that is
also a common first word of schools' names (``Jersey``, ``Jordan``, ``Georgia``) is a country only when it stands alone or
behind ``abroad`` or ``moved to``.
"""

from __future__ import annotations

from gateway.domain.returns.text import fold

AT_HOME = frozenset({"england", "uk", "u k", "united kingdom", "gb", "gbr", "great britain", "britain", "english"})

_NAMES = """
afghanistan|albania|algeria|andorra|angola|antigua|antigua and barbuda|argentina|armenia|aruba|australia|austria|
azerbaijan|bahamas|bahrain|bangladesh|barbados|belarus|belgium|belize|benin|bermuda|bhutan|bolivia|bosnia|
bosnia and herzegovina|botswana|brazil|brunei|bulgaria|burkina faso|burma|burundi|cambodia|cameroon|canada|cape verde|
cayman islands|central african republic|chad|chile|china|colombia|comoros|congo|democratic republic of congo|
democratic republic of the congo|drc|costa rica|cote divoire|croatia|cuba|curacao|cyprus|northern cyprus|
czech republic|czechia|denmark|djibouti|dominica|dominican republic|dubai|abu dhabi|east timor|ecuador|egypt|
el salvador|equatorial guinea|eritrea|estonia|eswatini|ethiopia|falkland islands|faroe islands|fiji|finland|france|
gabon|gambia|the gambia|georgia|germany|ghana|gibraltar|greece|greenland|grenada|guadeloupe|guatemala|guernsey|guinea|
guinea bissau|guyana|haiti|holland|honduras|hong kong|hungary|iceland|india|indonesia|iran|iraq|ireland|
republic of ireland|eire|southern ireland|isle of man|israel|italy|ivory coast|jamaica|japan|jersey|jordan|kashmir|
kazakhstan|kenya|kiribati|kosovo|kurdistan|kuwait|kyrgyzstan|laos|latvia|lebanon|lesotho|liberia|libya|liechtenstein|
lithuania|luxembourg|macau|macedonia|north macedonia|madagascar|madeira|malawi|malaysia|maldives|mali|malta|
mauritania|mauritius|mexico|moldova|monaco|mongolia|montenegro|montserrat|morocco|mozambique|myanmar|namibia|nepal|
netherlands|the netherlands|new zealand|nicaragua|niger|nigeria|north korea|northern ireland|norway|oman|pakistan|
palestine|panama|papua new guinea|paraguay|peru|philippines|the philippines|poland|portugal|puerto rico|qatar|reunion|
romania|russia|russian federation|rwanda|saint lucia|st lucia|st kitts|st vincent|samoa|san marino|sao tome|
saudi arabia|saudi|scotland|senegal|serbia|seychelles|sierra leone|singapore|slovakia|slovenia|solomon islands|
somalia|somaliland|south africa|south korea|korea|south sudan|spain|sri lanka|sudan|suriname|swaziland|sweden|
switzerland|syria|taiwan|tajikistan|tanzania|thailand|togo|tonga|trinidad|trinidad and tobago|tunisia|turkey|turkiye|
turkmenistan|uae|united arab emirates|uganda|ukraine|uruguay|usa|u s a|united states|united states of america|america|
uzbekistan|vanuatu|venezuela|vietnam|wales|yemen|zambia|zanzibar|zimbabwe
"""
COUNTRIES = frozenset(" ".join(name.split()) for name in _NAMES.replace("\n", "").split("|"))
_ALSO_IN_NAMES = frozenset({"georgia", "jersey", "jordan", "chad", "guinea", "turkey", "cuba", "mali", "america", "wales",
                            "scotland",
                            "ireland", "saudi", "niger", "holland", "dominica", "antigua", "reunion", "korea", "st lucia",
                            "st kitts",
                            "st vincent", "saint lucia", "trinidad", "malta", "france", "spain", "grenada"})


def is_country(text: str) -> bool:
    """Whether the whole text names a country other than England or the United Kingdom."""
    return fold(text) in COUNTRIES


def country_at_end(text: str, *, said_to_move: bool = False) -> str | None:
    """The country that closes a text (``Krakow, Poland``), as written; None when none does.

    ``said_to_move``: the text says that the child went there, so a name that schools bear too is a country all the same.
    """
    countries = COUNTRIES if said_to_move else COUNTRIES - _ALSO_IN_NAMES
    words = text.replace(",", " ").replace("(", " ").replace(")", " ").replace(".", " ").split()
    for length in (5, 4, 3, 2, 1):
        tail = words[-length:]
        if len(words) > length and fold(" ".join(tail)) in countries:
            return " ".join(tail)
    return None
