namespace Hypercompress.Models.Tokenization.Templates;

/// <summary>The value of a name that is not there.</summary>
internal sealed class Undefined
{
    private Undefined()
    {
    }

    public static Undefined Value { get; } = new();
}
