using System.Runtime.InteropServices;

namespace Synfin.Linux.Tests.Support;

/// <summary>What Linux keeps for each thread, and .NET has no name for.</summary>
internal static unsafe partial class ThreadPrivileges
{
    private const uint CapabilityVersion3 = 0x20080522;

    /// <summary>Takes all capabilities from the current thread, for good.</summary>
    public static void DropCapabilities()
    {
        uint* header = stackalloc uint[] { CapabilityVersion3, 0 };
        uint* none = stackalloc uint[] { 0, 0, 0, 0, 0, 0 };
        Check(SetCapabilities(header, none), "capset");
    }

    private static int Check(int result, string call) => result >= 0
        ? result
        : throw new InvalidOperationException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(uint* header, uint* data);
}
