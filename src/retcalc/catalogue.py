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

# title and remedy of each code
_ENTRIES: dict[str, tuple[str, str]] = {
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
    "RC162": ("there is no customers file to look in", "Name it with --customers FILE."),
    "RC163": ("not a list of phases", "Give days, ascending: --phases 30,90,180."),
    # one number, its accounts, its definitions
    "RC170": ("the metric is not made of accounts", "Choose one that the message names."),
    "RC171": ("the command speaks of one number", "Choose a segment with --where."),
    "RC172": ("the number is made of several rates", "Explain one of them."),
    "RC173": ("there is no such account", "Write the id as it stands in the file."),
    "RC175": ("not a total", "Give a number such as 123456.78."),
    # lifetime value
    "RC165": ("the gross margin is not known", "Give it with --margin 0.8."),
    "RC166": ("the trend needs two periods", "Ask for a shorter window."),
    "RC167": ("not a change of rates", "Write --churn -1pt or --renewal 80%:85%."),
    "RC168": ("not a rate or a horizon", "Write 10% or 0.10, and horizons in months."),
    "RC169": ("no costs file was named", "Name it with --costs FILE."),
    "RC182": ("a report has no such form", "Write .html, .xlsx, .md or .json."),
    "RC183": ("there is no picture of this answer", "Choose a command that the message names."),
    "RC180": ("the config has no checks", "Write checks: in retcalc.yaml."),
    "RC181": ("check cannot judge this metric", "Choose one that it names."),
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
    # the content of files
    "RC301": ("the file is empty", "Export it again."),
    "RC302": ("there are no data rows", "Export it again, or --allow-empty."),
    "RC303": ("the text is not UTF-8", "Say how it is written: --encoding cp1252."),
    "RC304": ("the text holds NUL characters", "Export it again as UTF-8 text."),
    "RC305": ("the encoding does not fit", "Name another with --encoding."),
    "RC306": ("a carriage return inside a row", "Remove it, or quote its field."),
    "RC307": ("a row has too many fields", "Quote a field that holds the delimiter."),
    "RC308": ("a row has too few fields", "Complete the row; the file may be cut."),
    "RC309": ("quotes are not in pairs", 'Close the quote, or double it inside a field: "".'),
    "RC310": ("a field is too long", "Fields may have 1 MiB; check the quotes."),
    "RC311": ("there are too many columns", "Export the columns that are needed."),
    "RC312": ("columns have the same name", "Rename or remove one of them."),
    "RC313": ("most columns have no name", "Start at the header with --skip-lines N."),
    "RC314": ("a column name is reserved", "Rename the column."),
    "RC315": ("there is text above the header", "Start at the header with --skip-lines N."),
    "RC316": ("this is a page or JSON, not a table", "Export the data as CSV or Parquet."),
    "RC317": ("this kind of file is not read", "Export it as CSV or Parquet."),
    "RC318": ("no delimiter is found", 'Name it: --delimiter ";".'),
    "RC319": ("the header stands again among the rows", "Remove the repeated lines."),
    "RC320": ("files have different columns", "Read files of one kind together."),
    "RC321": ("files have different types", "Write the files with the same types."),
    "RC322": ("the Parquet file is damaged", "Write or fetch it again."),
    "RC323": ("a needed column is nested", "Write it as plain columns."),
    "RC324": ("the compressed file is damaged", "Fetch it again, or unpack it first."),
    "RC325": ("a small file holds too much", "Unpack it first if that is right."),
    "RC326": ("the file changed while it was read", "Run again when it is complete."),
    "RC327": ("more lines to skip than there are", "Give --skip-lines a smaller number."),
    "RC328": ("a byte order mark inside the text", "Give files that were put together apart."),
    "RC329": ("not a delimiter", 'Give one character, e.g. --delimiter ";".'),
    "RC391": ("another number of rows than expected", "Check the export, or --expect-rows."),
    "RC392": ("another file than expected", "Check the export, or --expect-sha256."),
    "RC399": ("the rows cannot be told apart", "Save the table anew as CSV."),
    # access to files
    "RC401": ("there is no such file", "Correct the path."),
    "RC402": ("a folder without Parquet files", "Name the files themselves."),
    "RC403": ("no permission to read", "Change the permission."),
    "RC404": ("not a regular file", "Use - to read a pipe."),
    "RC405": ("a link points back to itself", "Name the file itself."),
    "RC406": ("a network address", "Allow it with --remote, or download the file."),
    "RC407": ("the address cannot be read", "Download the file first."),
    "RC408": ("the file cannot be read", "Check the disk or the path."),
    "RC409": ("too many files at once", "Write fewer, larger parts."),
    "RC410": ("a file is given twice", "Name it once."),
    "RC411": ("the file does not fit in memory", "Write it as Parquet parts."),
    # config
    "RC460": ("there is no such config file", "Correct the path."),
    "RC461": ("the config cannot be read", "Name a readable file."),
    # the costs file
    "RC260": ("a column of the costs file is not recognised", "Call the columns month and spend."),
    "RC261": ("no spend for a month with new accounts", "Add the month, with 0 if nothing."),
    "RC262": ("spend is negative", "Net credits within their month."),
    # output
    "RC450": ("output cannot be written", "Write somewhere else with -o."),
    "RC451": ("no space left for the output", "Free some space, or write somewhere else."),
    "RC452": ("no permission to write the output", "Change the permission, or write elsewhere."),
    "RC453": ("the output is a folder", "Name a file in it."),
    "RC454": ("the folder of the output does not exist", "Make the folder first."),
    "RC455": ("the output has no usable name", "Choose another name."),
    "RC456": ("the output is closed", "Write to a file with -o."),
    "RC470": ("a library of an extra is not installed", "Install the extra that is named."),
    "RC471": ("there are more rows than a sheet can hold", "Write CSV or Parquet."),
    "RC280": ("the profile needs data of another kind", "Choose another definition."),
    "RC290": ("a lock is damaged", "Restore the lock folder from version control."),
    "RC291": ("the month is locked already", "Lock a later month."),
    "RC292": ("there is no lock", "Lock a month first."),
    # reconciliation
    "RC501": ("the amounts do not add up to the expected total", "Check the export."),
    "RC601": ("a locked month was restated", "Book it with --as-corrections, or correct the data."),
    # internal
    "RC700": ("an internal check failed", "Run again with --debug and report it."),
    "RC701": ("a roll-forward does not close", "Run again with --debug and report it."),
    "RC702": ("accounts do not add up to the number", "Run again with --debug and report it."),
    "RC703": ("a walk does not add up", "Run again with --debug and report it."),
    # notes
    "RC801": ("the delimiter was recognised", "Say it: --delimiter."),
    "RC802": ("the encoding was recognised", "Say it: --encoding."),
    "RC803": ("a line sep= was honoured", "None needed."),
    "RC804": ("blank lines are skipped", "Remove them."),
    "RC805": ("lines end with a carriage return only", "Save with common line breaks."),
    "RC806": ("no line break at the end", "Check that the file is whole."),
    "RC807": ("rows end with a delimiter too many", "None needed."),
    "RC808": ("columns have no name", "Name them in the export if they matter."),
    "RC809": ("the end-of-file mark Ctrl-Z is dropped", "None needed."),
    "RC810": ("the name does not fit the content", "Rename the file."),
    "RC811": ("nested columns are left out", "None if they are not needed."),
    "RC812": ("other files of the folder are ignored", "None if they are not data."),
    "RC813": ("there is no content hash", "Download the file to have one."),
    "RC814": ("a file has no data rows", "Check the export."),
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
    "RC848": ("the file has no rows", "Check the export."),
    "RC847": ("accounts pause inside their life", "None needed if they really paused."),
    "RC850": ("accounts without a cohort date are left out", "Complete the customers file."),
    "RC851": ("cohorts that began before the data are left out", "Export earlier months."),
    "RC852": ("accounts paid before their cohort date", "Check the dates."),
    "RC855": ("lives of unknown start are left out", "Give sign-up dates with --customers."),
    "RC856": ("the first month of the data counts as the start", "None if they began there."),
    "RC857": ("rows of spend are summed", "None if they belong together."),
    "RC858": ("spend belongs to no segment", "Name the segments as in the data."),
    "RC859": ("months without spend count as zero", "Write 0 in the costs file."),
    # information, never an error
    "RC890": ("annual amounts are divided by twelve", ""),
    "RC891": ("how the file was read", ""),
    "RC893": ("accounts of the customers file without MRR", ""),
    "RC894": ("the window is shorter than the default", ""),
    "RC895": ("the start of the data", ""),
    "RC896": ("a cohort's period is not over", ""),
    "RC897": ("ages are whole months", ""),
}

CATALOGUE: dict[str, Kind] = {
    code: Kind(title, _STATUS[code[2]], remedy) for code, (title, remedy) in _ENTRIES.items()
}
