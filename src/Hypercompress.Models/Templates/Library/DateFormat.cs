using System.Globalization;
using System.Text;
using Hypercompress.Models.Templates.Values;

namespace Hypercompress.Models.Templates.Library;

/// <summary>Dates as C's <c>strftime</c> writes them in the C locale.</summary>
internal static class DateFormat
{
    /// <summary>Writes a date.</summary>
    /// <param name="now">The date.</param>
    /// <param name="format">The format, with signs such as <c>%d</c>; a minus after % leaves out zeros.</param>
    /// <exception cref="TemplateException">The format has a sign that is not known.</exception>
    public static string Write(DateTimeOffset now, string format)
    {
        var output = new StringBuilder();
        for (int i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                output.Append(format[i]);
                continue;
            }

            bool bare = format[++i] == '-' && i + 1 < format.Length;
            string part = Part(now, bare ? format[++i] : format[i]);
            output.Append(bare ? (part.TrimStart('0', ' ') is { Length: > 0 } rest ? rest : "0") : part);
        }

        return output.ToString();
    }

    private static string Part(DateTimeOffset now, char sign) => sign switch
    {
        '%' => "%",
        'n' => "\n",
        't' => "\t",
        'c' => Write(now, "%a %b %e %H:%M:%S %Y"),
        'D' or 'x' => Write(now, "%m/%d/%y"),
        'F' => Write(now, "%Y-%m-%d"),
        'R' => Write(now, "%H:%M"),
        'r' => Write(now, "%I:%M:%S %p"),
        'T' or 'X' => Write(now, "%H:%M:%S"),
        'Z' => "",
        'z' => "",
        'f' => now.ToString("ffffff", CultureInfo.InvariantCulture),
        'p' => now.Hour < 12 ? "AM" : "PM",
        'P' => now.Hour < 12 ? "am" : "pm",
        _ => Name(now, sign) ?? Number(now, sign),
    };

    private static string? Name(DateTimeOffset now, char sign)
    {
        string? format = sign switch
        {
            'a' => "ddd",
            'A' => "dddd",
            'b' or 'h' => "MMM",
            'B' => "MMMM",
            _ => null,
        };
        return format is null ? null : now.ToString(format, CultureInfo.InvariantCulture);
    }

    private static string Number(DateTimeOffset now, char sign)
    {
        int hour = now.Hour % 12 == 0 ? 12 : now.Hour % 12;
        int day = (int)now.DayOfWeek;
        var (number, width, filling) = sign switch
        {
            'd' => (now.Day, 2, '0'),
            'e' => (now.Day, 2, ' '),
            'm' => (now.Month, 2, '0'),
            'Y' => (now.Year, 1, '0'),
            'y' => (now.Year % 100, 2, '0'),
            'C' => (now.Year / 100, 2, '0'),
            'H' => (now.Hour, 2, '0'),
            'k' => (now.Hour, 2, ' '),
            'I' => (hour, 2, '0'),
            'l' => (hour, 2, ' '),
            'M' => (now.Minute, 2, '0'),
            'S' => (now.Second, 2, '0'),
            'j' => (now.DayOfYear, 3, '0'),
            'w' => (day, 1, '0'),
            'u' => (day == 0 ? 7 : day, 1, '0'),
            'U' => ((now.DayOfYear + 6 - day) / 7, 2, '0'),
            'W' => ((now.DayOfYear + 6 - ((day + 6) % 7)) / 7, 2, '0'),
            'V' => (ISOWeek.GetWeekOfYear(now.DateTime), 2, '0'),
            'G' => (ISOWeek.GetYear(now.DateTime), 1, '0'),
            'g' => (ISOWeek.GetYear(now.DateTime) % 100, 2, '0'),
            _ => throw new TemplateException($"strftime_now does not know %{sign}"),
        };
        return number.ToString(CultureInfo.InvariantCulture).PadLeft(width, filling);
    }
}
