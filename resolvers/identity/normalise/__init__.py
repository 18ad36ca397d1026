"""One spelling for what people write in many; nobody is asked, and what cannot be read has none.

- email_key, is_role: of e-mail addresses
- Phone, phone_key, phone_spellings: of telephone numbers
- PersonName, person_name, script_of, folded: of people's names
- company_core, company_spellings: of companies' names
- host_of, company_domain: of web and mail domains
- region_of: of countries
"""

from resolvers.identity.normalise.companies import company_core, company_spellings
from resolvers.identity.normalise.domains import company_domain, host_of
from resolvers.identity.normalise.emails import email_key, is_role
from resolvers.identity.normalise.names import PersonName, folded, person_name, script_of
from resolvers.identity.normalise.phones import Phone, phone_key, phone_spellings
from resolvers.identity.normalise.regions import region_of

__all__ = [
    "PersonName",
    "Phone",
    "company_core",
    "company_domain",
    "company_spellings",
    "email_key",
    "folded",
    "host_of",
    "is_role",
    "person_name",
    "phone_key",
    "phone_spellings",
    "region_of",
    "script_of",
]
