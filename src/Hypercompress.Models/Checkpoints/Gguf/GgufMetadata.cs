using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Gguf;

/// <summary>
/// The key-value pairs of a GGUF file. <c>Find…</c> gives null for an absent key, <c>Get…</c> fails; both fail when the
/// value is of another kind. Writers differ in the widths that they choose, so any integer type counts as an integer
/// and any number as a number.
/// </summary>
public sealed class GgufMetadata
{
    // Far above any list of a model; numbers of one byte become numbers of eight.
    private const int LongestList = 1 << 22;

    private readonly string _file;
    private readonly IReadOnlySet<string> _malformed;

    /// <summary>Takes over the pairs.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="values">The values by key.</param>
    /// <param name="malformed">Keys of texts that are not UTF-8: who asks for one is refused.</param>
    internal GgufMetadata(
        string file, IReadOnlyDictionary<string, object> values, IReadOnlySet<string>? malformed = null) =>
        (_file, Values, _malformed) = (file, values, malformed ?? new HashSet<string>());

    /// <summary>
    /// All values by key, as stored: <see cref="byte"/> to <see cref="ulong"/>, <see cref="float"/>,
    /// <see cref="double"/>, <see cref="bool"/>, <see cref="string"/>, or an array of one of these.
    /// </summary>
    public IReadOnlyDictionary<string, object> Values { get; }

    /// <summary>A text.</summary>
    /// <param name="key">Such as <c>general.architecture</c>.</param>
    /// <returns>The text, or null when the key is absent.</returns>
    /// <exception cref="CheckpointException">The value is not a text.</exception>
    public string? FindString(string key) =>
        Find(key) is { } value ? value as string ?? throw Wrong(key, "a text") : null;

    /// <summary>A text that must be there.</summary>
    /// <param name="key">Such as <c>general.architecture</c>.</param>
    /// <returns>The text.</returns>
    /// <exception cref="CheckpointException">The key is absent, or the value is not a text.</exception>
    public string GetString(string key) => FindString(key) ?? throw Missing(key);

    /// <summary>A truth value.</summary>
    /// <param name="key">Such as <c>tokenizer.ggml.add_bos_token</c>.</param>
    /// <returns>The value, or null when the key is absent.</returns>
    /// <exception cref="CheckpointException">The value is not a truth value.</exception>
    public bool? FindBoolean(string key) =>
        Find(key) is { } value ? value as bool? ?? throw Wrong(key, "true or false") : null;

    /// <summary>A whole number.</summary>
    /// <param name="key">Such as <c>llama.block_count</c>.</param>
    /// <returns>The number, or null when the key is absent.</returns>
    /// <exception cref="CheckpointException">The value is not an integer, or exceeds int64.</exception>
    public long? FindInteger(string key) =>
        Find(key) is { } value ? ToInteger(value) ?? throw Wrong(key, "a whole number") : null;

    /// <summary>A whole number that must be there.</summary>
    /// <param name="key">Such as <c>llama.block_count</c>.</param>
    /// <returns>The number.</returns>
    /// <exception cref="CheckpointException">The key is absent, the value is not an integer, or exceeds
    /// int64.</exception>
    public long GetInteger(string key) => FindInteger(key) ?? throw Missing(key);

    /// <summary>A number, whole or not.</summary>
    /// <param name="key">Such as <c>llama.rope.freq_base</c>.</param>
    /// <returns>The number, or null when the key is absent.</returns>
    /// <exception cref="CheckpointException">The value is not a number.</exception>
    public double? FindNumber(string key) =>
        Find(key) is { } value ? ToNumber(value) ?? throw Wrong(key, "a number") : null;

    /// <summary>A number that must be there, whole or not.</summary>
    /// <param name="key">Such as <c>llama.attention.layer_norm_rms_epsilon</c>.</param>
    /// <returns>The number.</returns>
    /// <exception cref="CheckpointException">The key is absent, or the value is not a number.</exception>
    public double GetNumber(string key) => FindNumber(key) ?? throw Missing(key);

    /// <summary>A list of texts.</summary>
    /// <param name="key">Such as <c>tokenizer.ggml.tokens</c>.</param>
    /// <returns>The texts, or null when the key is absent.</returns>
    /// <exception cref="CheckpointException">The value is not a list of texts.</exception>
    public IReadOnlyList<string>? FindStrings(string key) =>
        Find(key) is { } value ? value as string[] ?? throw Wrong(key, "a list of texts") : null;

    /// <summary>A list of texts that must be there.</summary>
    /// <param name="key">Such as <c>tokenizer.ggml.tokens</c>.</param>
    /// <returns>The texts.</returns>
    /// <exception cref="CheckpointException">The key is absent, or the value is not a list of texts.</exception>
    public IReadOnlyList<string> GetStrings(string key) => FindStrings(key) ?? throw Missing(key);

    /// <summary>A list of whole numbers; one number alone is a list of one.</summary>
    /// <param name="key">Such as <c>tokenizer.ggml.token_type</c> or <c>deci.feed_forward_length</c>.</param>
    /// <returns>The numbers, or null when the key is absent.</returns>
    /// <exception cref="CheckpointException">The value is not a list of integers, or one exceeds int64.</exception>
    public IReadOnlyList<long>? FindIntegers(string key) => FindAll(key, ToInteger, "a list of whole numbers");

    /// <summary>A list of whole numbers that must be there; one number alone is a list of one.</summary>
    /// <param name="key">Such as <c>tokenizer.ggml.token_type</c>.</param>
    /// <returns>The numbers.</returns>
    /// <exception cref="CheckpointException">
    /// The key is absent, the value is not a list of integers, or one exceeds int64.
    /// </exception>
    public IReadOnlyList<long> GetIntegers(string key) => FindIntegers(key) ?? throw Missing(key);

    /// <summary>A list of numbers; one number alone is a list of one.</summary>
    /// <param name="key">Such as <c>tokenizer.ggml.scores</c>.</param>
    /// <returns>The numbers, or null when the key is absent.</returns>
    /// <exception cref="CheckpointException">The value is not a list of numbers.</exception>
    public IReadOnlyList<double>? FindNumbers(string key) => FindAll(key, ToNumber, "a list of numbers");

    private object? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _malformed.Contains(key)
            ? throw new CheckpointException(_file, $"metadata '{key}' is not valid UTF-8")
            : Values.GetValueOrDefault(key);
    }

    private T[]? FindAll<T>(string key, Func<object, T?> convert, string wanted)
        where T : struct => Find(key) switch
        {
            null => null,
            Array { Length: > LongestList } list => throw new CheckpointException(
                _file, $"metadata key '{key}' lists {list.Length} items; at most {LongestList} are read"),
            Array list => [.. list.Cast<object>().Select(item => convert(item) ?? throw Wrong(key, wanted))],
            var single => [convert(single) ?? throw Wrong(key, wanted)],
        };

    private static long? ToInteger(object value) => value switch
    {
        byte number => number,
        sbyte number => number,
        ushort number => number,
        short number => number,
        uint number => number,
        int number => number,
        long number => number,
        ulong number when number <= long.MaxValue => (long)number,
        _ => null,
    };

    private static double? ToNumber(object value) => value switch
    {
        float number => number,
        double number => number,
        _ => ToInteger(value),
    };

    private CheckpointException Wrong(string key, string wanted) =>
        new(_file, $"metadata key '{key}' must be {wanted}, found {Values[key].GetType().Name}");

    private CheckpointException Missing(string key) => new(_file, $"metadata key '{key}' is missing");
}
