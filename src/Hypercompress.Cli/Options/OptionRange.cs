using System.Numerics;
using Hypercompress.Models.Errors;
using static System.FormattableString;

namespace Hypercompress.Cli.Options;

/// <summary>Checks numbers that were typed; the error names the option.</summary>
internal static class OptionRange
{
    /// <summary>Checks a number with two bounds.</summary>
    /// <param name="option">The option, such as <c>--port</c>.</param>
    /// <param name="value">What was typed.</param>
    /// <param name="least">The least that is allowed.</param>
    /// <param name="most">The most that is allowed.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ConfigurationException">It is out of range.</exception>
    public static int Within(string option, int value, int least, int most) => value >= least && value <= most
        ? value
        : throw new ConfigurationException(Invariant($"{option} {value}: must be from {least} to {most}"));

    /// <summary>Checks a number with a lower bound.</summary>
    /// <typeparam name="T">A kind of number.</typeparam>
    /// <param name="option">The option, such as <c>--top-k</c>.</param>
    /// <param name="value">What was typed.</param>
    /// <param name="least">The least that is allowed.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ConfigurationException">It is below.</exception>
    public static T AtLeast<T>(string option, T value, T least)
        where T : INumber<T> => value >= least
            ? value
            : throw new ConfigurationException(Invariant($"{option} {value}: must be at least {least}"));

    /// <summary>Checks a share of which there must be some.</summary>
    /// <param name="option">The option, such as <c>--top-p</c>.</param>
    /// <param name="value">What was typed.</param>
    /// <returns>The number.</returns>
    /// <exception cref="ConfigurationException">It is 0 or less, or more than 1.</exception>
    public static double Share(string option, double value) => value is > 0 and <= 1
        ? value
        : throw new ConfigurationException(Invariant($"{option} {value}: must be above 0 and at most 1"));
}
