"""The numbered catalogue of everything retcalc can refuse or note.

Codes are stable. RC1xx command line and config (exit 2), RC2xx cells and rows (exit 3), RC3xx
file content (exit 3), RC4xx reading and writing files (exit 4), RC5xx reconciliation (exit 3),
RC6xx failed checks (exit 1), RC7xx internal (exit 70), RC8xx notes (exit 0; errors with
``--strict``), of which RC89x only inform and are never errors.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """One code: its short title, exit status (0 = a note) and the general remedy."""

    title: str
    status: int
    remedy: str


_STATUS = {"1": 2, "2": 3, "3": 3, "4": 4, "5": 3, "6": 1, "7": 70, "8": 0}

_ENTRIES: dict[str, tuple[str, str]] = {
    # code: (title, remedy)
    # command line
    "RC100": ("the command line is wrong", "See retcalc COMMAND --help."),
    # the config file and definition profiles
    "RC101": ("the config is not valid YAML", "Correct the line shown."),
    "RC102": ("a key of the config is given twice", "Keep one of the two."),
    "RC103": ("anchors and aliases are not used", "Write the value out where it is needed."),
    "RC104": ("tags are not used", "Remove the tag; quote what must stay text."),
    "RC105": ("the config is too large or too deep", "A config is a short file."),
    "RC106": ("the config is not UTF-8 text", "Save the file as UTF-8."),
    "RC107": ("the config holds several documents", "Keep one; remove the --- between them."),
    "RC110": ("unknown key in the config", "Correct the key, or remove it."),
    "RC111": ("a value of the config does not fit its key", "Correct the value."),
    "RC112": ("a key of the config is missing", "Add it."),
    "RC113": ("a path leads out of the folder of the config", "Name the file on the command line."),
    "RC114": ("keys of the config contradict each other", "Correct the keys shown."),
    "RC120": ("there is no such definition profile", "Use a profile's name, or a YAML file."),
    # columns, windows and outputs named on the command line or in the config
    "RC150": ("there is no such column", "Name a column that the file has."),
    "RC151": ("there is no such month in the data", "Choose a month that the data covers."),
    "RC152": ("the data cannot fill the window", "Ask for a shorter window."),
    "RC153": ("not a window", "Windows are 12m, 1m, 3m, 1y, ytd, fytd."),
    "RC154": ("an output is an input too", "Write to another file."),
    "RC155": ("no format is known for the file", "Use an extension that retcalc writes."),
    "RC156": ("not a month", "Months are written 2026-10."),
    "RC157": (
        "not a condition",
        "Conditions are written 'plan=Pro', 'seats>=10' or 'plan in A,B'.",
    ),
    "RC158": ("no data was named", "Name a file, or sources: {mrr: FILE} in retcalc.yaml."),
    "RC159": ("not a confidence level", "Give a percentage such as 95."),
    "RC160": ("there is no such metric", "retcalc metrics lists all."),
    "RC161": ("the file exists", "Replace it with --force, or write elsewhere."),
    "RC175": ("not a total", "Give a number such as 123456.78."),
    # columns and rows
    "RC201": ("more than one column could play a part", "Say which with the option shown."),
    "RC202": ("a column is not recognised", "Name it with the option shown."),
    "RC203": ("there are no dated rows", "Check the export."),
    "RC211": ("account id is empty", "Fill the id, or drop the row in the export."),
    "RC212": ("total row among the accounts", "Leave it out with --drop-total-rows."),
    "RC213": ("amount is empty", "Write 0, or drop the row in the export."),
    "RC214": ("amount is not a number", "Say how amounts are written: --decimal, --thousands."),
    "RC215": ("amount is negative", "Correct it, or --allow-negative."),
    "RC217": ("amount is too large", "Correct the value in the export."),
    "RC218": ("mixed currencies", "Give exchange rates, or export one currency."),
    "RC219": ("duplicate account and month", "Correct the export, or --duplicates sum."),
    "RC221": ("date is not a date", "Write 2026-10-31, or say --date-format."),
    "RC222": ("date is out of range", "Correct the year in the export."),
    "RC223": ("date is ambiguous", "Say how dates are written: --date-format."),
    "RC224": ("dates are written in more than one way", "Export the column in one format."),
    "RC225": ("timestamp needs a time zone", "Say which zone decides the month: --timezone."),
    "RC226": ("date is empty", "Fill it in the export."),
    "RC231": ("billing interval is not known", "Use month, quarter, year, week or day."),
    "RC232": ("subscription ends before it starts", "Correct the dates in the export."),
    "RC233": ("a month without any row", "Complete the export, or --allow-empty-months."),
    "RC241": ("duplicate account in the customers file", "Keep one row per account."),
    "RC242": ("the id column of the customers file is not recognised", "Name it as in the data."),
    # config
    "RC460": ("there is no such config file", "Correct the path."),
    "RC461": ("the config cannot be read", "Name a readable file."),
    # output
    "RC450": ("output cannot be written", "Write somewhere else with -o."),
    "RC451": ("no space left for the output", "Free some space, or write somewhere else."),
    "RC452": ("no permission to write the output", "Change the permission, or write elsewhere."),
    "RC453": ("the output is a folder", "Name a file in it."),
    "RC454": ("the folder of the output does not exist", "Make the folder first."),
    "RC455": ("the output has no usable name", "Choose another name."),
    "RC456": ("the output is closed", "Write to a file with -o."),
    # reconciliation
    "RC501": ("the amounts do not add up to the expected total", "Check the export."),
    # internal
    "RC700": ("an internal check failed", "Run again with --debug and report it."),
    "RC701": ("a roll-forward does not close", "Run again with --debug and report it."),
    # notes
    "RC832": ("dates are read day or month first", "Say --date-format to settle it."),
    "RC833": ("white space around ids is ignored", "Clean the ids in the export."),
    "RC834": ("ids look alike", "Merge them in the export if they are one account."),
    "RC835": ("ids differ in leading zeros only", "Merge them in the export if they are one."),
    "RC836": ("there is no end column", "Name it with --end-column."),
    "RC837": ("total rows are left out", "None needed."),
    "RC838": ("amounts are rounded", "Export fewer decimals."),
    "RC839": ("amounts are finer than the minor unit", "None needed; they are kept exactly."),
    "RC840": ("negative amounts count as not active", "None needed."),
    "RC841": ("subscriptions that live between two month-ends", "None needed."),
    "RC842": ("rows after the closing month are left out", "Choose a later --as-of."),
    "RC843": ("months without any row count as zero", "Complete the export."),
    "RC844": ("duplicate rows are summed", "Correct the export."),
    "RC845": ("an account-month holds several segment values", "Export one value per month."),
    "RC846": ("accounts are missing from the customers file", "Complete the customers file."),
    "RC847": ("accounts pause inside their life", "None needed if they really paused."),
    # information, never an error
    "RC890": ("annual amounts are divided by twelve", ""),
    "RC891": ("how the file was read", ""),
    "RC893": ("accounts of the customers file without MRR", ""),
    "RC894": ("the window is shorter than the default", ""),
    "RC895": ("the start of the data", ""),
}

CATALOGUE: dict[str, Kind] = {
    code: Kind(title, _STATUS[code[2]], remedy) for code, (title, remedy) in _ENTRIES.items()
}
