using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Numerics;

namespace Hypercompress.Cli.Parsing;

/// <summary>Reads numbers in the same way in every culture: a decimal point and no separators.</summary>
internal static class NumberText
{
    /// <summary>The characters of a whole number.</summary>
    public const NumberStyles Whole = NumberStyles.AllowLeadingSign;

    /// <summary>The characters of a number that may have a fraction.</summary>
    public const NumberStyles Real =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <summary>Reads the value of an option.</summary>
    /// <typeparam name="T">The type of the option.</typeparam>
    /// <param name="result">What was typed; gets an error when it is not a number.</param>
    /// <param name="style"><see cref="Whole"/> or <see cref="Real"/>.</param>
    /// <param name="command">The command with its options.</param>
    /// <returns>The number, or null after an error.</returns>
    public static T? Read<T>(ArgumentResult result, NumberStyles style, Command command)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        string text = result.Tokens[^1].Value;
        if (T.TryParse(text, style, CultureInfo.InvariantCulture, out T value) && T.IsFinite(value))
        {
            return value;
        }

        string name = StrictValues.NameOf(result);
        result.AddError(UsageFaults.LooksLikeOption(text) || UsageFaults.IsOptionOf(text, command)
            ? UsageFaults.OptionAsValue(name, text, command)
            : $"{name} {text}: {Fault<T>(text, style)}");
        return null;
    }

    private static string Fault<T>(string text, NumberStyles style)
        where T : struct, INumber<T>, IMinMaxValue<T>
    {
        if (style == Whole && text.Any(char.IsAsciiDigit)
            && double.TryParse(text, style, CultureInfo.InvariantCulture, out double found))
        {
            return string.Create(
                CultureInfo.InvariantCulture,
                $"must be {(found < 0 ? $"at least {T.MinValue}" : $"at most {T.MaxValue}")}");
        }

        return style == Whole
            ? "expected a whole number without separators, such as 2048"
            : "expected a number with a decimal point and without separators, such as 2.5";
    }
}
