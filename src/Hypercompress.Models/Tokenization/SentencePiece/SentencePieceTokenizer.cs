using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Tokenization.SentencePiece;

/// <summary>
/// The tokenizer of a SentencePiece <c>tokenizer.model</c> (BPE and unigram), with the ids that SentencePiece gives.
/// Its begin-of-sequence token is put in front unless the files beside it say otherwise. Tokens that those files name
/// are recognised in text; without them, text such as <c>&lt;s&gt;</c> is text. Safe to use from several threads.
/// </summary>
internal sealed class SentencePieceTokenizer : ITokenizer
{
    private readonly SentencePieceData _data;
    private readonly string _file;
    private readonly SentencePieceNormalizer _normalizer;
    private readonly IPieceCutter _cutter;
    private readonly SentencePieceDecoder _decoder;
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly Dictionary<int, AddedToken> _added = [];
    private readonly AddedTokenFinder _finder;
    private readonly bool _spaceAfterAdded;
    private readonly int[] _before;
    private readonly int[] _after;

    private SentencePieceTokenizer(SentencePieceData data, string file, TokenizerSettings settings)
    {
        (_data, _file) = (data, file);
        Settings = settings with
        {
            BosToken = settings.BosToken ?? TextOf(data.BosId),
            EosToken = settings.EosToken ?? TextOf(data.EosId),
        };
        string[] userDefined =
            [.. data.Pieces.Where(piece => piece.Type == PieceType.UserDefined).Select(piece => piece.Text)];
        _normalizer = new SentencePieceNormalizer(data.Normalizer, userDefined);
        _cutter = data.IsBpe ? new BpeCutter(data) : new UnigramCutter(data);
        _decoder = new SentencePieceDecoder(data);
        for (int id = 0; id < data.Pieces.Length; id++)
        {
            _ids[data.Pieces[id].Text] = id;
        }

        AddTokens(settings, file);
        _finder = new AddedTokenFinder(_added.Values);
        // Hugging Face's first versions put the space before every stretch, the later ones only before the text.
        _spaceAfterAdded = settings.Legacy ?? true;
        VocabularySize = Math.Max(data.Pieces.Length, _added.Keys.Append(-1).Max() + 1);
        BosTokenId = IdOf(Settings.BosToken);
        EosTokenId = IdOf(Settings.EosToken);
        PadTokenId = IdOf(settings.PadToken ?? TextOf(data.PadId));
        bool endsOnly = settings.TokenizerClass is "T5Tokenizer" or "T5TokenizerFast";
        _before = Around(settings.AddBosToken ?? !endsOnly, BosTokenId, settings.AddBosToken is true, "bos", file);
        _after = Around(settings.AddEosToken ?? endsOnly, EosTokenId, settings.AddEosToken is true, "eos", file);
    }

    /// <inheritdoc/>
    public int VocabularySize { get; }

    /// <inheritdoc/>
    public int? BosTokenId { get; }

    /// <inheritdoc/>
    public int? EosTokenId { get; }

    /// <summary>The padding id, when the tokenizer has one.</summary>
    public int? PadTokenId { get; }

    /// <summary>The content of its file.</summary>
    internal SentencePieceData Data => _data;

    /// <summary>Tokens that are recognised in text before pieces are.</summary>
    internal IEnumerable<AddedToken> AddedTokens => _added.Values;

    /// <summary>The settings that it was made with.</summary>
    public TokenizerSettings Settings { get; }

    /// <summary>Builds a tokenizer from a file's content.</summary>
    /// <param name="model">The content of a <c>tokenizer.model</c>.</param>
    /// <param name="name">Name of the file, for messages.</param>
    /// <param name="settings">What the files beside it say; null for nothing.</param>
    /// <returns>The tokenizer.</returns>
    /// <exception cref="CheckpointException">The content is malformed, or of a model type other than BPE and
    /// unigram.</exception>
    public static SentencePieceTokenizer Parse(
        ReadOnlyMemory<byte> model, string name, TokenizerSettings? settings = null) =>
        new(SentencePieceReader.Read(model.Span, name), name, settings ?? new TokenizerSettings());

    /// <inheritdoc/>
    public int[] Encode(string text, bool addSpecialTokens = true)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ids = new List<int>((text.Length / 3) + 2);
        ids.AddRange(addSpecialTokens ? _before : []);
        try
        {
            EncodeParts(new NormalizedText(WellFormedText.WithoutLoneSurrogates(text)), ids);
        }
        catch (WorkBudgetException problem)
        {
            throw new CheckpointException(_file, $"{problem.Message}; its pieces are too long", problem);
        }

        ids.AddRange(addSpecialTokens ? _after : []);
        return [.. ids];
    }

    private void EncodeParts(NormalizedText text, List<int> ids)
    {
        foreach (var (range, token) in _finder.Split(text.Text, text.Budget))
        {
            if (token is not null)
            {
                ids.Add(token.Id);
                continue;
            }

            string part = text.Slice(range).Text;
            string normalized = _normalizer.Normalize(part, text.Budget, range.Start == 0 || _spaceAfterAdded);
            _cutter.Cut(normalized, ids, text.Budget);
        }
    }

    /// <inheritdoc/>
    public string Decode(IReadOnlyList<int> ids, bool skipSpecialTokens = false)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var text = new System.Text.StringBuilder();
        var run = new List<int>();
        foreach (int id in ids)
        {
            if (_added.TryGetValue(id, out var token))
            {
                text.Append(_decoder.Decode(run)).Append(token.Special && skipSpecialTokens ? "" : token.Content);
                run.Clear();
            }
            else if (id >= 0 && id < _data.Pieces.Length)
            {
                run.Add(id);
            }
        }

        return text.Append(_decoder.Decode(run)).ToString();
    }

    /// <summary>The token of an id as the vocabulary writes it.</summary>
    /// <param name="id">Any number.</param>
    /// <returns>The token, or null where the vocabulary has none.</returns>
    public string? TokenOf(int id) => _added.TryGetValue(id, out var token) ? token.Content
        : TextOf(id);

    /// <summary>The id of a token.</summary>
    /// <param name="token">The token as the vocabulary writes it.</param>
    /// <returns>The id, or null.</returns>
    public int? IdOf(string? token) => token is not null && _ids.TryGetValue(token, out int id) ? id : null;

    private void AddTokens(TokenizerSettings settings, string file)
    {
        foreach (var token in settings.AddedTokens)
        {
            if (!_added.TryAdd(token.Id, token))
            {
                throw new CheckpointException(file, $"two added tokens beside it have the id {token.Id}");
            }

            _ids[token.Content] = token.Id;
        }

        foreach (string name in settings.SpecialTokens)
        {
            if (IdOf(name) is { } id)
            {
                _added.TryAdd(id, AddedToken.Named(id, name));
            }
        }
    }

    private string? TextOf(int id) => id >= 0 && id < _data.Pieces.Length ? _data.Pieces[id].Text : null;

    private static int[] Around(bool wanted, int? id, bool required, string name, string file) =>
        !wanted || (id is null && !required) ? []
        : [id ?? throw new CheckpointException(file, $"has no {name} token, although add_{name}_token asks for it")];
}
