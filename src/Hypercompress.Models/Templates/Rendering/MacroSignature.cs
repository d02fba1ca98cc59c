namespace Hypercompress.Models.Templates.Rendering;

/// <summary>The parameters of a macro.</summary>
/// <param name="Parameters">Names of the parameters, in order.</param>
/// <param name="Defaults">Default values of the last parameters.</param>
internal sealed record MacroSignature(IReadOnlyList<string> Parameters, IReadOnlyList<TemplateEvaluate> Defaults)
{
    /// <summary>Whether the body uses <c>caller</c>, the body of the block that calls the macro.</summary>
    public bool UsesCaller { get; init; }

    /// <summary>Whether the body uses <c>varargs</c>, further positional arguments.</summary>
    public bool UsesMore { get; init; }

    /// <summary>Whether the body uses <c>kwargs</c>, further named arguments.</summary>
    public bool UsesNamed { get; init; }

    /// <summary>The default value of a parameter; null where it has none.</summary>
    public TemplateEvaluate? Default(int place) =>
        place - (Parameters.Count - Defaults.Count) is >= 0 and var at ? Defaults[at] : null;
}
