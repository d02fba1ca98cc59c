using System.Text.Json;
using Hypercompress.Models.Errors;
using Hypercompress.Models.Tokenization.Decoders;
using Hypercompress.Models.Tokenization.Normalizers;
using Hypercompress.Models.Tokenization.PostProcessors;
using Hypercompress.Models.Tokenization.PreTokenizers;

namespace Hypercompress.Models.Tokenization.Loading;

/// <summary>
/// The tokenizer of a Hugging Face <c>tokenizer.json</c>: added tokens, normalizer, pre-tokenizer, model (BPE, unigram
/// or WordPiece), post-processor and decoder, with the ids that <c>tokenizers</c> gives. The file's <c>truncation</c>
/// and
/// <c>padding</c> are ignored. Safe to use from several threads.
/// </summary>
public sealed class TokenizerJson : ITokenizer
{
    private readonly ITokenModel _model;
    private readonly INormalizer _normalizer;
    private readonly IPreTokenizer _preTokenizer;
    private readonly IPostProcessor _postProcessor;
    private readonly IDecoder _decoder;
    private readonly Dictionary<string, AddedToken> _added;
    private readonly Dictionary<int, AddedToken> _addedById;
    private readonly AddedTokenFinder _rawFinder;
    private readonly AddedTokenFinder _normalizedFinder;
    private readonly string _file;

    private TokenizerJson(JsonPart root, TokenizerSettings settings)
    {
        _file = root.File;
        _model = TokenModelReader.Read(root.Required("model"));
        _normalizer = NormalizerReader.Read(root.Optional("normalizer"));
        _preTokenizer = PreTokenizerReader.Read(root.Optional("pre_tokenizer"));
        _decoder = DecoderReader.Read(root.Optional("decoder"));
        Settings = settings;
        _added = AddedTokenReader.Read(root.Optional("added_tokens"), settings, _model);
        _addedById = _added.Values.ToDictionary(token => token.Id);
        _rawFinder = new AddedTokenFinder(_added.Values.Where(token => !token.Normalized));
        _normalizedFinder = FindNormalized();
        VocabularySize = Math.Max(_model.IdCount, _addedById.Keys.Append(-1).Max() + 1);
        BosTokenId = IdOf(settings.BosToken);
        EosTokenId = IdOf(settings.EosToken);
        PadTokenId = IdOf(settings.PadToken);
        var around = new SurroundingTokens(settings, BosTokenId, EosTokenId);
        _postProcessor = around.ToTemplate(root) ?? PostProcessorReader.Read(root.Optional("post_processor"));
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int? BosTokenId { get; }

    /// <inheritdoc/>
    public int? EosTokenId { get; }

    /// <summary>The padding id, when the tokenizer has one.</summary>
    public int? PadTokenId { get; }

    /// <summary>Tokens that are recognised in text before the model sees it.</summary>
    internal IEnumerable<AddedToken> AddedTokens => _added.Values;

    /// <summary>The settings that it was made with.</summary>
    public TokenizerSettings Settings { get; }

    /// <summary>Loads a tokenizer with the settings that lie beside it.</summary>
    /// <param name="path">A <c>tokenizer.json</c>, or the folder that has one.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="CheckpointException">The file is missing, malformed, or has a component that is not
    /// supported; the message names it.</exception>
    public static TokenizerJson Load(string path)
    {
        string file = Directory.Exists(path) ? Path.Combine(path, "tokenizer.json") : path;
        byte[] json;
        try
        {
            json = File.ReadAllBytes(file);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new CheckpointException(file, ReadFault.Describe(file, problem), problem);
        }

        return Parse(json, file, TokenizerFileSet.ReadSettings(Path.GetDirectoryName(Path.GetFullPath(file))!));
    }

    /// <summary>Builds a tokenizer from the document.</summary>
    /// <param name="json">UTF-8 JSON of a <c>tokenizer.json</c>.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <param name="settings">What its sister files say; null for nothing.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="CheckpointException">The document is malformed, or has a component that is not supported;
    /// the message names it.</exception>
    public static TokenizerJson Parse(ReadOnlyMemory<byte> json, string name, TokenizerSettings? settings = null) =>
        JsonPart.Parse(json, name, root => new TokenizerJson(root, settings ?? new TokenizerSettings()));

    /// <inheritdoc/>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>(text.Length / 3);
        try
        {
            EncodeParts(new NormalizedText(WellFormedText.WithoutLoneSurrogates(text)), ids);
        }
        catch (WorkBudgetException problem)
        {
            throw TooMuchWork(problem);
        }

        return addSpecialTokens ? [.. _postProcessor.Process(ids)] : [.. ids];
    }

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        try
        {
            return string.Concat(_decoder.Decode(TokensOf(ids, skipSpecialTokens)));
        }
        catch (WorkBudgetException problem)
        {
            throw TooMuchWork(problem);
        }
    }

    private List<string> TokensOf(IReadOnlyList<int> ids, bool skipSpecialTokens)
    {
        var tokens = new List<string>(ids.Count);
        var budget = new WorkBudget(ids.Count);
        foreach (int id in ids)
        {
            bool special = _addedById.TryGetValue(id, out var added) && added.Special;
            // A token that is looked for in normalised text is written so, too.
            string? token = added is { Normalized: true } ? Normalized(added.Content, budget) : TokenOf(id);
            if (token is not null && !(special && skipSpecialTokens))
            {
                tokens.Add(token);
            }
        }

        return tokens;
    }

    /// <summary>The token of an id as the vocabulary writes it.</summary>
    /// <param name="id">Any number.</param>
    /// <returns>The token, or null where the vocabulary has none.</returns>
    public string? TokenOf(int id) => _addedById.TryGetValue(id, out var added) ? added.Content : _model.TokenOf(id);

    /// <summary>The id of a token.</summary>
    /// <param name="token">The token as the vocabulary writes it.</param>
    /// <returns>The id, or null.</returns>
    public int? IdOf(string? token) => token is null ? null
        : _added.TryGetValue(token, out var added) ? added.Id
        : _model.IdOf(token);

    private CheckpointException TooMuchWork(WorkBudgetException problem) =>
        new(_file, $"{problem.Message}; its normalizers, pre-tokenizers or decoders multiply it", problem);

    private string Normalized(string text, WorkBudget budget) =>
        _normalizer.Normalize(new NormalizedText(text, StartsInput: true, budget)).Text;

    private AddedTokenFinder FindNormalized()
    {
        AddedToken[] tokens = [.. _added.Values.Where(token => token.Normalized)];
        var budget = new WorkBudget(tokens.Sum(token => (long)token.Content.Length));
        try
        {
            return new AddedTokenFinder(tokens, token => Normalized(token.Content, budget));
        }
        catch (WorkBudgetException problem)
        {
            throw TooMuchWork(problem);
        }
    }

    private void EncodeParts(NormalizedText text, List<int> ids)
    {
        foreach (var (range, token) in _rawFinder.Split(text.Text, text.Budget))
        {
            if (token is not null)
            {
                ids.Add(token.Id);
            }
            else
            {
                EncodeOrdinary(_normalizer.Normalize(text.Slice(range)), ids);
            }
        }
    }

    private void EncodeOrdinary(NormalizedText text, List<int> ids)
    {
        foreach (var (range, token) in _normalizedFinder.Split(text.Text, text.Budget))
        {
            if (token is not null)
            {
                ids.Add(token.Id);
                continue;
            }

            var pieces = new PreTokenizedText(text.Slice(range));
            _preTokenizer.Apply(pieces);
            _model.Tokenize(pieces, ids);
        }
    }
}
