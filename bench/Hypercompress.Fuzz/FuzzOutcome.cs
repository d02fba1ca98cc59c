using System.Globalization;

namespace Hypercompress.Fuzz;

/// <summary>The counts of one reader.</summary>
internal sealed class FuzzOutcome
{
    /// <summary>Inputs that were read without an error.</summary>
    public int Accepted { get; set; }

    /// <summary>Inputs that ended in a typed error.</summary>
    public int Refused { get; set; }

    /// <summary>Inputs that ended in any other exception.</summary>
    public int Untyped { get; set; }

    /// <summary>Inputs that took longer than 5 s.</summary>
    public int OverTime { get; set; }

    /// <summary>Inputs that allocated more than twice their size and 64 MB.</summary>
    public int OverMemory { get; set; }

    /// <summary>Seconds of the whole run.</summary>
    public double Seconds { get; set; }

    /// <summary>All inputs.</summary>
    public int Inputs => Accepted + Refused + Untyped + OverTime;

    /// <summary>Inputs that broke a rule.</summary>
    public int Failures => Untyped + OverTime + OverMemory;

    /// <summary>A row of the table of results.</summary>
    /// <param name="name">The reader.</param>
    /// <returns>The row.</returns>
    public string ToRow(string name) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {Inputs} | {Accepted} | {Refused} | {Untyped} | {OverTime} | {OverMemory} | {Seconds:0.0} |");
}
