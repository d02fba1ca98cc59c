namespace Hypercompress.Fuzz;

/// <summary>A row of the Parquet tables.</summary>
public sealed class SeedRow
{
    /// <summary>A text.</summary>
    public string? Text { get; set; }

    /// <summary>A number.</summary>
    public long Label { get; set; }

    /// <summary>A number that may be missing.</summary>
    public double? Score { get; set; }

    /// <summary>A flag.</summary>
    public bool IsGood { get; set; }

    /// <summary>A list.</summary>
    public List<string>? Choices { get; set; }

    /// <summary>A row of a number.</summary>
    /// <param name="number">The number.</param>
    /// <returns>The row.</returns>
    public static SeedRow Make(int number) => new()
    {
        Text = number % 4 == 3 ? null : $"a text of the row {number}",
        Label = number,
        Score = number % 3 == 0 ? null : 0.5 * number,
        IsGood = number % 2 == 0,
        Choices = [.. Enumerable.Range(0, number % 3).Select(choice => $"choice {choice}")],
    };
}
