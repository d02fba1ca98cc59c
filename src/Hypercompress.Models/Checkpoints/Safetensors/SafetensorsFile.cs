using System.Runtime.InteropServices;
using Hypercompress.Models.Errors;
using TorchSharp;

namespace Hypercompress.Models.Checkpoints.Safetensors;

/// <summary>
/// One safetensors file. Opening it reads and checks the header; each tensor's data is read when it is asked for.
/// May be used from several threads at once.
/// </summary>
public sealed class SafetensorsFile : ITensorSource
{
    private readonly CheckpointFile _file;
    private readonly SafetensorsHeader _header;
    private readonly long _dataStart;

    private SafetensorsFile(CheckpointFile file)
    {
        var parser = new SafetensorsHeaderParser(file);
        _file = file;
        _header = parser.Parse();
        _dataStart = parser.DataStart;
        Tensors = _header.Entries.ToDictionary(pair => pair.Key, pair => pair.Value.Info, StringComparer.Ordinal);
    }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, TensorInfo> Tensors { get; }

    /// <summary>The header's <c>__metadata__</c>: strings by name; empty when the file has none.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _header.Metadata;

    /// <summary>Opens a file and checks its header.</summary>
    /// <param name="path">Path of a <c>.safetensors</c> file.</param>
    /// <returns>The open file; the caller disposes it.</returns>
    /// <exception cref="CheckpointException">
    /// The file cannot be opened, or its header breaks a rule of the format: length, UTF-8, JSON, duplicate keys,
    /// unknown types, sizes that do not fit the shapes, or data that is not covered exactly once.
    /// </exception>
    public static SafetensorsFile Open(string path)
    {
        var file = CheckpointFile.Open(path);
        try
        {
            return new SafetensorsFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>
    /// Beyond float8, unsigned integers that torch computes badly with are widened too: U16 to int32, U32 and U64 to
    /// int64.
    /// </remarks>
    /// <exception cref="CheckpointException">
    /// No tensor has that name, its type is F4, F6 or C64, a U64 value exceeds int64, or the file cannot be read.
    /// </exception>
    public torch.Tensor Read(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_header.Entries.TryGetValue(name, out var entry))
        {
            throw new CheckpointException(_file.Path, $"has no tensor '{name}'");
        }

        long start = _dataStart + entry.Begin;
        try
        {
            return entry.Type.Read(
                entry.Info.Shape.AsSpan(), (offset, destination) => _file.ReadExactly(start + offset, destination));
        }
        catch (Exception e) when (e is NotSupportedException or OverflowException or ExternalException)
        {
            throw new CheckpointException(_file.Path, $"tensor '{name}' cannot be read: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public bool TryReadBytes(string name, Span<byte> target)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!_header.Entries.TryGetValue(name, out var entry))
        {
            throw new CheckpointException(_file.Path, $"has no tensor '{name}'");
        }

        _file.ReadExactly(_dataStart + entry.Begin, target[..checked((int)entry.Info.ByteLength)]);
        return true;
    }

    /// <summary>Closes the file; tensors that were read stay valid.</summary>
    public void Dispose() => _file.Dispose();
}
