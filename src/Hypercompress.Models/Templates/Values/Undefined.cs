namespace Hypercompress.Models.Templates.Values;

/// <summary>The value of a name that is not there.</summary>
internal sealed class Undefined
{
    private Undefined(string? name) => Name = name;

    /// <summary>One that counts as nothing wherever it is used.</summary>
    public static Undefined Value { get; } = new(null);

    /// <summary>What is missing, where using it is an error; null where it counts as nothing.</summary>
    public string? Name { get; }

    /// <summary>One that may be asked for, but not used.</summary>
    public static Undefined Strict(string name) => new(name);
}
