using System.Globalization;

namespace Hypercompress.Fuzz;

/// <summary>
/// <c>--reader NAME|all --inputs N --seconds S --seed N --failures DIR</c>, or <c>--reader NAME --replay FILE</c>.
/// </summary>
internal static class FuzzCommand
{
    /// <summary>Runs the readers that are named and writes a table of their outcomes.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="output">Where the table goes.</param>
    /// <returns>0 where nothing failed, else 1.</returns>
    public static int Run(string[] arguments, TextWriter output)
    {
        string name = Value(arguments, "--reader") ?? "all";
        int inputs = int.Parse(Value(arguments, "--inputs") ?? "1000", CultureInfo.InvariantCulture);
        int seed = int.Parse(Value(arguments, "--seed") ?? "1", CultureInfo.InvariantCulture);
        double seconds = double.Parse(Value(arguments, "--seconds") ?? "1e9", CultureInfo.InvariantCulture);
        string failures = Value(arguments, "--failures") ?? Path.Combine(Path.GetTempPath(), "hypercompress-fuzz");
        FuzzReader[] chosen =
            [.. FuzzReaders.All.Where(reader => name == "all" || name.Split(',').Contains(reader.Name))];
        output.WriteLine("| reader | inputs | accepted | refused | untyped | over time | over memory | seconds |");
        output.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        bool failed = chosen.Length == 0;
        foreach (FuzzReader reader in chosen)
        {
            using var run = new FuzzRun(reader, failures, output.WriteLine);
            FuzzOutcome outcome = Value(arguments, "--replay") is { } file
                ? run.Replay(file)
                : run.Run(inputs, seed, TimeSpan.FromSeconds(Math.Min(seconds, 1e9)));
            output.WriteLine(outcome.ToRow(reader.Name));
            output.Flush();
            failed |= outcome.Failures > 0;
        }

        return failed ? 1 : 0;
    }

    private static string? Value(string[] arguments, string option)
    {
        int index = Array.IndexOf(arguments, option);
        return index >= 0 && index < arguments.Length - 1 ? arguments[index + 1] : null;
    }
}
