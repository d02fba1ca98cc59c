namespace Hypercompress.Models.Generation;

/// <summary>Why a generation ended.</summary>
public enum StopReason
{
    /// <summary>As many tokens as asked for were made.</summary>
    MaxTokens,

    /// <summary>The model, or the caller's list, ended the text.</summary>
    EndToken,

    /// <summary>The model's longest sequence is full.</summary>
    ContextFull,

    /// <summary>The receiver of the tokens wanted no more.</summary>
    Stopped,
}
