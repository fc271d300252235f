using System.Runtime.InteropServices;
using Synfin.Ip;
using Synfin.Linux.Interop;
using Synfin.Wire;

namespace Synfin.Linux;

/// <summary>What to tell people when a system call on a TUN device fails.</summary>
internal static class TunErrors
{
    public const string DevicePath = "/dev/net/tun";

    public static TunException Name(string name, string what) =>
        new($"\"{name}\" is no name for a TUN device: {what}");

    public static TunException OpeningPath(int error) => new(
        error switch
        {
            Errno.NoEntry => $"{DevicePath} does not exist: load the driver (`modprobe tun`), or give the container the device "
                + $"(`--device {DevicePath}`)",
            Errno.NoDevice or Errno.NoSuchDeviceOrAddress => $"{DevicePath} is there, but the kernel has no TUN driver: `modprobe tun`",
            Errno.Permission or Errno.Access => $"{DevicePath} may not be opened: run as root, or ask for read and write access to it",
            _ => $"{DevicePath} cannot be opened: {Text(error)}",
        },
        error);

    public static TunException Attaching(string name, int error) => new(
        error switch
        {
            Errno.Permission or Errno.Access => $"TUN device {name} cannot be made: needs CAP_NET_ADMIN: run as root or "
                + $"`ip tuntap add dev {name} mode tun user {Environment.UserName}`",
            Errno.Busy => $"TUN device {name} is busy: another program has it open; end that program or take another name",
            Errno.Invalid => $"{name} exists and is no TUN device (`ip -d link show {name}`): take another name",
            _ => $"TUN device {name} cannot be made: {Text(error)}",
        },
        error);

    public static TunException Configuring(string name, string what, string byHand, int error) => new(
        error is Errno.Permission or Errno.Access
            ? $"{what} of TUN device {name} cannot be set: needs CAP_NET_ADMIN: run as root or prepare it once with `{byHand}`"
            : $"{what} of TUN device {name} cannot be set: {Text(error)}",
        error);

    public static TunException Using(string name, string call, int error) => new(
        error == Errno.BadDescriptorState
            ? $"TUN device {name} is gone: somebody deleted it while it was in use"
            : $"{call} on TUN device {name} failed: {Text(error)}",
        error);

    public static TunException System(string what, int error) => new($"{what} failed: {Text(error)}", error);

    public static string ByHand(string name, InternetAddress address, int prefixLength) =>
        $"ip address add {new AddressPrefix(address, prefixLength)} dev {name}";

    private static string Text(int error) => $"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
}
