using Hypercompress.Models.Architectures;
using Hypercompress.Models.Checkpoints;
using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Packages.Inventory;

/// <summary>
/// Finds what wrappers around a model have put into the names of its tensors: compilers, parallel and sharded training,
/// adapters, trainers, models of text and images.
/// </summary>
internal sealed class WrapperNames
{
    // Modules that wrap any other: they may occur anywhere in a name, any number of times.
    private static readonly string[] Transparent =
        ["_orig_mod.", "_fsdp_wrapped_module.", "_checkpoint_wrapped_module.", "_forward_module."];

    private readonly string _prefix;
    private readonly string _head;
    private readonly bool _hasTransparent;

    private WrapperNames(string prefix, string head, bool hasTransparent) =>
        (_prefix, _head, _hasTransparent) = (prefix, head, hasTransparent);

    /// <summary>Renames the tensors of a checkpoint where wrappers have left their names.</summary>
    /// <param name="stored">The checkpoint; owned by the result.</param>
    /// <param name="keys">What the family calls its tensors.</param>
    /// <param name="notes">Receives the names that were left out.</param>
    /// <returns>The checkpoint, renamed where it has to be.</returns>
    /// <exception cref="CheckpointException">
    /// The model occurs under several prefixes, or two tensors have one name without their wrappers.
    /// </exception>
    public static ITensorSource Unwrap(ITensorSource stored, KeyMap keys, ICollection<string> notes)
    {
        bool hasTransparent = stored.Tensors.Keys.Any(name => Array.Exists(
            Transparent, wrapper => name.Contains(wrapper, StringComparison.Ordinal)));
        string prefix = FindPrefix(stored, keys);
        if (prefix.Length == 0 && !hasTransparent)
        {
            return stored;
        }

        var names = new WrapperNames(prefix, keys.WeightName(TensorRole.Head, null), hasTransparent);
        notes.Add(prefix.Length == 0
            ? "names of tensors hold those of wrappers such as _orig_mod, which are left out"
            : $"names of tensors begin with \"{prefix}\", which is left out");
        return new RenamedTensors(stored, names.Plain);
    }

    private static string FindPrefix(ITensorSource stored, KeyMap keys)
    {
        TensorRole probe = new[] { TensorRole.AttentionNorm, TensorRole.AttentionPostNorm }.First(keys.Has);
        string full = keys.WeightName(probe, 0);
        string bare = keys.BareName(full) ?? full;
        string[] names = [.. stored.Tensors.Keys.Select(WithoutTransparent)];
        if (names.Contains(full) || names.Contains(bare))
        {
            return "";
        }

        string[] found = Prefixes(names, full);
        found = found.Length > 0 ? found : Prefixes(names, bare);
        return found.Length <= 1 ? found.FirstOrDefault("") : throw new CheckpointException(
            stored.Tensors.Values.First().File,
            $"holds several models, under {string.Join(", ", found.Select(name => $"\"{name}\""))}; "
                + "save one of them alone");
    }

    private static string[] Prefixes(string[] names, string ending) =>
    [
        .. names.Where(name => name.EndsWith("." + ending, StringComparison.Ordinal))
            .Select(name => name[..^ending.Length]).Distinct().Order(StringComparer.Ordinal),
    ];

    private static string WithoutTransparent(string name) => Transparent.Aggregate(
        name, (shorter, wrapper) => shorter.Replace(wrapper, "", StringComparison.Ordinal));

    private string Plain(string name)
    {
        string plain = _hasTransparent ? WithoutTransparent(name) : name;
        if (plain.StartsWith(_prefix, StringComparison.Ordinal))
        {
            return plain[_prefix.Length..];
        }

        // The head is beside the decoder: only a part of the prefix may be before it.
        return plain.EndsWith("." + _head, StringComparison.Ordinal)
            && _prefix.StartsWith(plain[..^_head.Length], StringComparison.Ordinal)
            ? _head
            : plain;
    }
}
