namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>A block of memory that tensors of a checkpoint point into.</summary>
/// <param name="Key">Its name in the archive.</param>
/// <param name="Type">Type of its elements; null for an untyped storage, whose tensors name it.</param>
/// <param name="Count">Its elements; bytes for an untyped storage.</param>
internal sealed record TorchStorage(string Key, StoredType? Type, long Count)
{
    /// <summary>Its size in bytes.</summary>
    public long ByteLength => checked(Count * (Type?.BlockBytes ?? 1));
}
