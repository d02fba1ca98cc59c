namespace Hypercompress.Models.Tokenization;

/// <summary>The part of a tokenizer that turns pieces of text into ids of its vocabulary.</summary>
internal interface ITokenModel
{
    /// <summary>Largest id of the vocabulary plus one.</summary>
    int IdCount { get; }

    /// <summary>The id of a token, or null.</summary>
    int? IdOf(string token);

    /// <summary>The token of an id, or null.</summary>
    string? TokenOf(int id);

    /// <summary>Appends the ids of every piece.</summary>
    void Tokenize(PreTokenizedText text, List<int> ids);
}
