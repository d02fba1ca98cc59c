using System.ComponentModel.DataAnnotations;
using Hypercompress.Settings;

namespace Hypercompress.Phases;

/// <summary>The section <c>runtime</c>: device, threads, seed and memory of the run.</summary>
public sealed record RuntimeOptions
{
    /// <summary>Where tensors are computed.</summary>
    /// <value><c>cpu</c> or <c>cuda</c>. The default is <c>cpu</c>.</value>
    [AfterCalibration]
    [AllowedValues("cpu", "cuda")]
    public string Device { get; init; } = "cpu";

    /// <summary>Threads of one tensor operation; runs with the same number give the same bytes.</summary>
    /// <value>1 to 1024. The default is none: one per core.</value>
    [AfterCalibration]
    [Range(1, 1024)]
    public int? Threads { get; init; }

    /// <summary>Start of every random sequence.</summary>
    /// <value>0 to 2³¹ − 1. The default is 0.</value>
    [Range(0, int.MaxValue)]
    public int Seed { get; init; }

    /// <summary>
    /// Memory that the run may use: weights that do not fit stay in their files, and the run stops after a phase that
    /// used more, before anything is written.
    /// </summary>
    /// <value>At least 64 MB. The default is none: what the machine has.</value>
    [AfterCalibration]
    [Range(64e6, 1e15)]
    public ByteSize? MaxRam { get; init; }
}
