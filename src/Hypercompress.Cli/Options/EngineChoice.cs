using Hypercompress.Models.Inference.Attention;
using Hypercompress.Models.Kernels.Matrices;

namespace Hypercompress.Cli.Options;

/// <summary>How a model is to be run.</summary>
/// <param name="Engine">What computes.</param>
/// <param name="Threads">CPU threads.</param>
/// <param name="Memory">Whether coded matrices are decoded once or whenever they are used.</param>
/// <param name="Cache">What is kept of earlier tokens.</param>
internal sealed record EngineChoice(Engine Engine, int Threads, MemoryUse Memory, CacheOptions Cache);
