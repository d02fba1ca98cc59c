namespace Hypercompress.Models.Tokenization.Bpe;

/// <summary>The settings of a byte-pair model; the names are those of the file.</summary>
internal sealed record BpeOptions
{
    /// <summary>The id for a character that the vocabulary lacks; null drops it.</summary>
    public int? UnknownId { get; init; }

    /// <summary>One unknown id for a run of unknown characters.</summary>
    public bool FuseUnknown { get; init; }

    /// <summary>Unknown characters become <c>&lt;0xNN&gt;</c> tokens.</summary>
    public bool ByteFallback { get; init; }

    /// <summary>A piece that is a token is taken as it is.</summary>
    public bool IgnoreMerges { get; init; }

    /// <summary>Stands before every symbol of a piece but the first; empty for none.</summary>
    public string SubwordPrefix { get; init; } = "";

    /// <summary>Stands after the last symbol of a piece; empty for none.</summary>
    public string WordSuffix { get; init; } = "";
}
