namespace Hypercompress.Models.Kernels;

/// <summary>The instructions that integer products are made of.</summary>
public enum InstructionSet
{
    /// <summary>What the runtime makes of portable vector code; runs everywhere.</summary>
    Portable,

    /// <summary>x86: pairs of bytes multiplied into 16 bit, then added in pairs.</summary>
    Avx2,

    /// <summary>x86: four pairs of bytes multiplied and added into 32 bit by one instruction.</summary>
    AvxVnni,

    /// <summary>Arm: four pairs of bytes multiplied and added into 32 bit by one instruction.</summary>
    ArmDot,
}
