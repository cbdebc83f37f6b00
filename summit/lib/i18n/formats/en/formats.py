"""How English writes dates and times here: Django's own names, then those that clock.py reads."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j F Y H:i"
YEAR_MONTH_FORMAT = "F Y"
MONTH_DAY_FORMAT = "j F"
SHORT_DATE_FORMAT = "j M Y"
SHORT_DATETIME_FORMAT = "j M Y H:i"
FIRST_DAY_OF_WEEK = 1

DAY = "j F Y (D)"
DAY_WITHOUT_YEAR = "j F (D)"
# The first and the last of several days, the joint standing with the first.
DAYS_IN_ONE_MONTH = ("j–", "j F Y")
DAYS_IN_ONE_YEAR = ("j F – ", "j F Y")
DAYS_ACROSS_YEARS = ("j F Y – ", "j F Y")

# In HTML: a line breaks between the parts of class "whole", and not within them.
BETWEEN_DAYS = '<span class="whole">{first}</span> <span class="whole">{last}</span>'
TIMES = '<span class="whole">{start}–{end}</span>'
AT_ONE_TIME = '<span class="whole">{day}</span> <span class="whole">{time}</span>'
ON_ONE_DAY = '<span class="whole">{day}</span> <span class="whole">{start}–{end}</span>'
ACROSS_DAYS = (
    '<span class="whole">{first_day}</span> <span class="whole">{start} –</span> '
    '<span class="whole">{last_day}</span> <span class="whole">{end}</span>'
)
TIMES_ACROSS_DAYS = '<span class="whole">{start} –</span> {end}'
# How the day after is called, where it is not named by its date.
NEXT_DAY = ""
IN_ZONE = '{span} <span class="whole">{zone}</span>'
IN_SECOND_ZONE = '{span} <span class="whole">in {city}</span>'
TIME_OF_CITY = "{city} time"
TIME_BY_OFFSET = "{city} time ({offset})"

ZONES = {"Asia/Shanghai": "China time", "UTC": "UTC", "Asia/Kolkata": "India time"}
CITIES = {"Asia/Shanghai": "China", "Asia/Kolkata": "India", "America/Sao_Paulo": "São Paulo"}
