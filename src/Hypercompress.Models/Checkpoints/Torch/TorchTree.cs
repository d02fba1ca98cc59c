namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>
/// Copies what a pickle built into plain values. A pickle may hold one container in several places or even inside
/// itself; the copy is a tree, and its size is bounded by that of the pickle.
/// </summary>
/// <param name="budget">What the tree may cost.</param>
/// <param name="tensor">What a tensor becomes.</param>
internal sealed class TorchTree(MemoryBudget budget, Func<TorchTensorNode, object> tensor)
{
    private const int MaximumDepth = 64;

    /// <summary>Copies a value.</summary>
    /// <param name="value">What the pickle built.</param>
    /// <returns>
    /// A read-only dictionary by text, a read-only list, a text, <see cref="long"/>, <see cref="double"/>,
    /// <see cref="bool"/>, null, or what tensors become.
    /// </returns>
    /// <exception cref="PickleException">It contains itself, or it is far larger than the pickle.</exception>
    public object? Copy(object? value) => Copy(value, 0);

    private object? Copy(object? value, int depth)
    {
        if (depth > MaximumDepth || !budget.Take(MemoryBudget.ObjectBytes))
        {
            throw new PickleException("containers are nested too deeply or repeated too often");
        }

        return value switch
        {
            Dictionary<string, object?> dictionary => CopyDictionary(dictionary, depth),
            List<object?> list => CopyList(list, depth),
            object?[] tuple => CopyList(tuple, depth),
            TorchTensorNode node => tensor(node),
            TorchGlobal { Kind: TorchGlobalKind.ElementType } type => type.Name,
            null or string or long or double or bool => value,
            _ => throw new PickleException("a bare storage or class is where a value is expected"),
        };
    }

    private Dictionary<string, object?> CopyDictionary(Dictionary<string, object?> source, int depth)
    {
        Dictionary<string, object?> copy = new(StringComparer.Ordinal);
        foreach (var (key, value) in source)
        {
            copy.Add(key, Copy(value, depth + 1));
        }

        return copy;
    }

    private List<object?> CopyList(IReadOnlyList<object?> source, int depth)
    {
        List<object?> copy = [];
        foreach (object? value in source)
        {
            copy.Add(Copy(value, depth + 1));
        }

        return copy;
    }
}
