"""The directory of services: the only place a phone number, an address or hours come from.

Data and schema stand in data/services/. Files are read (marked_yaml.py, files.py) and checked
(rules.py) at the start; lookup.py answers; upkeep.py and checklist.py keep the facts true.
"""

from bot.directory.files import DATA, LAST_RESORT
from bot.directory.lookup import Directory, Place, Service, load_directory
from bot.directory.marked_yaml import DirectoryError

__all__ = [
    "DATA",
    "LAST_RESORT",
    "Directory",
    "DirectoryError",
    "Place",
    "Service",
    "load_directory",
]
