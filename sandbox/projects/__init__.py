"""An emulator of a project-management CRM behind a JSON API with a log-in, reads only.

How it tells a book:

- Users are the users; queues are users with the role team and without an e-mail address, all others are members.
  Who logs in is a service account, which `users` does not list.
- Clients are the companies.
- Projects are the deals whose number three divides, deal 3 n being project n. Won ones are done, lost ones cancelled;
  open ones take turns, by n, in being planned (n = 3, 6, …), active and on hold. A project starts on the day its deal
  was made, a planned one on none, and is due on the day its deal closes, one on hold on none.
- Tasks are the tasks. One belongs to the project of its deal; where it has no deal, or its deal is no project, to the
  project of its company with the smallest number; else to none.
- Comments are the notes, a title being the first line of the text. One is on the project that a task like it would
  belong to; else note n is on task 1 + (n - 1) % tasks.

Ids are those of `sandbox.projects.content.record_id`; ids of different resources overlap.

Where the API's page is silent: names sort, and `q` finds them, regardless of case (Unicode's case folding); a minute is
any 60 s; refused calls do not count, failed log-ins do; a parameter that is empty or given twice, and one of
`subjectType` and `subjectId` without the other, are refused; a list without rows has 0 pages; another method than a
path has is 404 as well.
"""

from sandbox.emulator import Emulator
from sandbox.projects.app import build

__all__ = ["EMULATOR"]

EMULATOR = Emulator(platform="projects", port_offset=109, build=build, home_currency="EUR")
"""Switches and faults: see `sandbox.projects.gate`."""
