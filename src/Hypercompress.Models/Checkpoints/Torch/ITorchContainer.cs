using Hypercompress.Models.Errors;

namespace Hypercompress.Models.Checkpoints.Torch;

/// <summary>A file of torch.save in one of its forms: a pickle and the storages that it points to.</summary>
internal interface ITorchContainer : IDisposable
{
    /// <summary>The budget of the pickle and of everything that is made of it.</summary>
    MemoryBudget Budget { get; }

    /// <summary>Runs the pickle.</summary>
    /// <returns>What it builds.</returns>
    /// <exception cref="PickleException">The pickle is refused.</exception>
    /// <exception cref="CheckpointException">The file lacks something.</exception>
    object? Build();

    /// <summary>Makes sure that a storage is there as declared.</summary>
    /// <param name="storage">The storage.</param>
    /// <exception cref="PickleException">It has another size.</exception>
    /// <exception cref="CheckpointException">It is missing.</exception>
    void Check(TorchStorage storage);

    /// <summary>Opens a storage.</summary>
    /// <param name="storage">A storage that was checked.</param>
    /// <returns>A stream that begins with its bytes.</returns>
    Stream Open(TorchStorage storage);
}
