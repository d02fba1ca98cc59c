using System.Globalization;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization;

namespace Hypercompress.Models.Packages.Gguf.Tokenizer;

/// <summary>The token and the kind of every id that a GGUF file lists.</summary>
/// <param name="size">Rows of the model's embedding: the tokens that the file has to list.</param>
internal sealed class GgufTokenTable(int size)
{
    /// <summary>Comes out of text by the model.</summary>
    public const int Normal = 1;

    /// <summary>Stands for what is not a token.</summary>
    public const int Unknown = 2;

    /// <summary>Recognised in text, and gives none.</summary>
    public const int Control = 3;

    /// <summary>Recognised in text.</summary>
    public const int UserDefined = 4;

    /// <summary>Has an id only.</summary>
    public const int Unused = 5;

    /// <summary>One byte.</summary>
    public const int Byte = 6;

    private readonly string?[] _tokens = new string?[size];
    private readonly int[] _types = new int[size];

    /// <summary>The tokens; each has one after <see cref="Fill"/>.</summary>
    public IReadOnlyList<string> Tokens => _tokens!;

    /// <summary>Their kinds.</summary>
    public IReadOnlyList<int> Types => _types;

    /// <summary>A tokenizer that the format has no words for.</summary>
    /// <param name="what">What it is.</param>
    public static ConfigurationException Refusal(string what) =>
        new($"a GGUF file cannot hold {what}; export the model with --format hf-dense");

    /// <summary>Refuses a tokenizer with more ids than the model has rows.</summary>
    /// <param name="count">Its ids.</param>
    /// <exception cref="ConfigurationException">There are more.</exception>
    public void RequireRoomFor(int count)
    {
        if (count > size)
        {
            throw Refusal($"a tokenizer of {count} ids for a model of {size}");
        }
    }

    /// <summary>Puts a token at its place, over what stood there.</summary>
    public void Set(int id, string token, int type) => (_tokens[id], _types[id]) = (token, type);

    /// <summary>Puts tokens that are recognised in text at their places.</summary>
    /// <param name="added">The tokens.</param>
    /// <param name="unknown">Text of the one that stands for what is not a token; null where there is none.</param>
    public void SetAdded(IEnumerable<AddedToken> added, string? unknown)
    {
        foreach (AddedToken token in added)
        {
            Set(token.Id, token.Content, !token.Special ? UserDefined : token.Content == unknown ? Unknown : Control);
        }
    }

    /// <summary>Names the ids that have no token.</summary>
    public void Fill()
    {
        for (int id = 0; id < size; id++)
        {
            if (_tokens[id] is null)
            {
                Set(id, string.Create(CultureInfo.InvariantCulture, $"[PAD{id}]"), Unused);
            }
        }
    }
}
