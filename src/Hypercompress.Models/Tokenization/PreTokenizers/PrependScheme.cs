namespace Hypercompress.Models.Tokenization.PreTokenizers;

/// <summary>Where the sign for a space is put in front.</summary>
internal enum PrependScheme
{
    /// <summary>Nowhere.</summary>
    Never,

    /// <summary>Only where the input begins.</summary>
    First,

    /// <summary>Before the input and after every added token.</summary>
    Always,
}
