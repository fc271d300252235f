using System.Runtime.InteropServices;

namespace Synfin.Linux.Tests.Support;

/// <summary>What Linux keeps for each thread, and .NET has no name for.</summary>
internal static unsafe partial class ThreadPrivileges
{
    private const int NewMountNamespace = 0x00020000;
    private const nuint MountPrivate = 0x4000 | 0x40000; // MS_REC | MS_PRIVATE
    private const uint CharacterDevice = 0x2000;
    private const nuint TunDeviceNumber = 10 << 8 | 200;
    private const int ThreadClock = 3;
    private const uint CapabilityVersion3 = 0x20080522;

    /// <summary>Takes all capabilities from the current thread, for good.</summary>
    public static void DropCapabilities()
    {
        uint* header = stackalloc uint[] { CapabilityVersion3, 0 };
        uint* none = stackalloc uint[] { 0, 0, 0, 0, 0, 0 };
        Check(SetCapabilities(header, none), "capset");
    }

    /// <summary>Gives the current thread a view of the file system in which /dev/net/tun has this mode, or is missing.</summary>
    public static void HaveTunFile(uint? mode)
    {
        Check(Unshare(NewMountNamespace), "unshare");
        Check(Mount("none", "/", null, MountPrivate, 0), "mount");
        Check(Mount("none", "/dev/net", "tmpfs", 0, 0), "mount");
        if (mode is null) return;
        Check(MakeNode("/dev/net/tun", CharacterDevice, TunDeviceNumber), "mknod");
        Check(ChangeMode("/dev/net/tun", mode.Value), "chmod");
    }

    /// <summary>Makes the current thread another user, for good, which takes its capabilities too.</summary>
    public static void BecomeUser(uint user)
    {
        // The C library's function would change all threads.
        (nint group, nint identity) = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? (119, 117) : (149, 147);
        Check((int)SystemCall(group, (nint)user, (nint)user, (nint)user), "setresgid");
        Check((int)SystemCall(identity, (nint)user, (nint)user, (nint)user), "setresuid");
    }

    /// <summary>The processor time that the current thread has used.</summary>
    public static TimeSpan ProcessorTime()
    {
        long* time = stackalloc long[2];
        Check(GetTime(ThreadClock, time), "clock_gettime");
        return TimeSpan.FromSeconds(time[0]) + TimeSpan.FromMicroseconds(time[1] / 1000.0);
    }

    private static int Check(int result, string call) => result >= 0
        ? result
        : throw new InvalidOperationException($"{call}: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");

    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    private static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "capset", SetLastError = true)]
    private static partial int SetCapabilities(uint* header, uint* data);

    [LibraryImport("libc", EntryPoint = "mount", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Mount(string source, string target, string? type, nuint flags, nint data);

    [LibraryImport("libc", EntryPoint = "mknod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeNode(string path, uint mode, nuint device);

    [LibraryImport("libc", EntryPoint = "chmod", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int ChangeMode(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    private static partial int GetTime(int clock, long* time);
}
