namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>Cuts normalised text into pieces of the vocabulary.</summary>
internal interface IPieceCutter
{
    /// <summary>Appends the ids; what is no piece becomes bytes or one unknown piece a run.</summary>
    void Cut(string normalized, List<int> ids);
}
