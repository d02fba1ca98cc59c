namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>Builds the few kinds of objects that a checkpoint's pickle may hold.</summary>
internal static class TorchObjects
{
    // Keys are hashed again and again: a long one would cost its length each time.
    private const int LongestKey = 1 << 10;

    /// <summary>Applies a global to its arguments.</summary>
    /// <param name="global">What is applied.</param>
    /// <param name="arguments">What it is applied to.</param>
    /// <returns>The object.</returns>
    /// <exception cref="PickleException">The arguments do not fit.</exception>
    public static object? Build(TorchGlobal global, object?[] arguments) => (global.Kind, arguments) switch
    {
        (TorchGlobalKind.OrderedDictionary, []) => new Dictionary<string, object?>(StringComparer.Ordinal),
        (TorchGlobalKind.OrderedDictionary, [List<object?> pairs]) => FromPairs(pairs),
        (TorchGlobalKind.Size, [object?[] sizes]) => sizes,
        (TorchGlobalKind.RebuildTensor, [TorchStorage { Type: { } type } storage, long offset, object?[] shape,
            object?[] stride, ..]) => Tensor(storage, type, offset, shape, stride),
        (TorchGlobalKind.RebuildTypedTensor, [TorchStorage storage, long offset, object?[] shape, object?[] stride,
            _, _, TorchGlobal { Kind: TorchGlobalKind.ElementType, Type: { } type }, ..]) =>
            Tensor(storage, type, offset, shape, stride),
        (TorchGlobalKind.RebuildParameter, [TorchTensorNode tensor, ..]) => tensor,
        _ => throw new PickleException(
            $"{global.Name} is applied to {arguments.Length} arguments that it does not take"),
    };

    /// <summary>Makes a storage of a persistent id.</summary>
    /// <param name="id">
    /// The id: <c>("storage", class, key, device, count)</c>, with a last <c>None</c> in the form before PyTorch 1.6.
    /// </param>
    /// <returns>The storage; whatever device it came from, it is read to the CPU.</returns>
    /// <exception cref="PickleException">The id is of another form.</exception>
    public static TorchStorage Storage(object? id) =>
        id is object?[] and
            ["storage", TorchGlobal { Kind: TorchGlobalKind.Storage } type, string key, string, long count, .. var rest]
        && rest is [] or [null]
        && count >= 0
        && count <= long.MaxValue / sizeof(double)
            ? new TorchStorage(key, type.Type, count)
            : throw new PickleException("a persistent id is not that of a storage");

    /// <summary>The text that stands for a dictionary's key.</summary>
    /// <param name="key">A text or, as in optimizers, an integer.</param>
    /// <returns>The text.</returns>
    /// <exception cref="PickleException">It is neither, or too long.</exception>
    public static string Key(object? key) => key switch
    {
        string { Length: <= LongestKey } text => text,
        string text => throw new PickleException($"a dictionary has a key of {text.Length} characters"),
        long number => number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => throw new PickleException($"a dictionary has a key of type {key?.GetType().Name ?? "None"}"),
    };

    private static Dictionary<string, object?> FromPairs(List<object?> pairs)
    {
        Dictionary<string, object?> dictionary = new(StringComparer.Ordinal);
        foreach (object? pair in pairs)
        {
            var (key, value) = pair switch
            {
                List<object?> and [var first, var second] => (first, second),
                object?[] and [var first, var second] => (first, second),
                _ => throw new PickleException("an OrderedDict is made of something else than pairs"),
            };
            dictionary[Key(key)] = value;
        }

        return dictionary;
    }

    private static TorchTensorNode Tensor(
        TorchStorage storage, StoredType type, long offset, object?[] shape, object?[] stride)
    {
        var node = new TorchTensorNode(storage, type, offset, [.. Numbers(shape)], [.. Numbers(stride)]);
        node.Check();
        return node;
    }

    private static IEnumerable<long> Numbers(object?[] tuple) => tuple.Select(
        item => item is long number ? number : throw new PickleException("a tensor's sizes are not integers"));
}
