using System.Runtime.InteropServices;
using Synfin.Linux.Interop;

namespace Synfin.Linux;

/// <summary>What to tell people when a system call on a TUN or TAP device fails.</summary>
internal static class TunErrors
{
    public const string DevicePath = "/dev/net/tun";

    private const string ContainerNeeds = $"`--cap-add NET_ADMIN --device {DevicePath}`";

    public static TunException Name(string name, string what) =>
        new($"\"{name}\" is no name for a TUN device: {what}");

    public static PlatformNotSupportedException NotLinux() =>
        new("TUN and TAP devices are Linux's: elsewhere, connect hosts with the links of Synfin itself, or run this in a Linux container");

    public static TunException OpeningPath(int error) => new(
        error switch
        {
            Errno.NoEntry => $"{DevicePath} does not exist: load the driver (`sudo modprobe tun`), make the file "
                + $"(`sudo mkdir -p /dev/net && sudo mknod {DevicePath} c 10 200`), or give the container the device ({ContainerNeeds})",
            Errno.NoDevice or Errno.NoSuchDeviceOrAddress =>
                $"{DevicePath} is there, but the kernel has no TUN driver: `sudo modprobe tun`",
            Errno.Permission or Errno.Access => $"{DevicePath} may not be opened: run as root, or ask for read and write access to it "
                + $"(`sudo chmod 0666 {DevicePath}`); in a container: {ContainerNeeds}",
            _ => $"{DevicePath} cannot be opened: {Text(error)}",
        },
        error);

    /// <summary>TUNSETIFF failed.</summary>
    /// <param name="options">What was asked for.</param>
    /// <param name="existing">The interface of that name, if there is one.</param>
    /// <param name="error">The number of the error.</param>
    public static TunException Attaching(TunDeviceOptions options, LinkInformation? existing, int error)
    {
        string device = $"{Kind(options.Ethernet)} device {options.Name}";
        return new(
            error switch
            {
                Errno.Permission or Errno.Access => existing is null ? NotAllowed(device, options) : NotOurs(device, options, existing),
                Errno.Busy => $"{device} is busy: another program has it open; end that program or take another name",
                Errno.Invalid when existing is not null => Foreign(options, existing),
                Errno.TooBig => $"{device} cannot have more queues than {TunDevice.MaxQueues} over all programs that use it",
                _ => $"{device} cannot be made: {Text(error)}",
            },
            error);
    }

    /// <summary>What must be done, and could not.</summary>
    /// <param name="device">The kind and the name.</param>
    /// <param name="what">What could not be set.</param>
    /// <param name="byHand">The command that does it.</param>
    /// <param name="error">The number of the error.</param>
    public static TunException Configuring(string device, string what, string byHand, int error) => new(
        error is Errno.Permission or Errno.Access
            ? $"{what} of {device} cannot be set: needs CAP_NET_ADMIN: run as root or prepare it once with `sudo {byHand}`"
            : $"{what} of {device} cannot be set: {Text(error)}; by hand it is `sudo {byHand}`",
        error);

    /// <summary>The device was handed in from another network namespace, and is to be set up there.</summary>
    public static TunException Elsewhere(string device, string what, string byHand) => new(
        $"{what} of {device} cannot be set: the device is not in this network namespace; run `{byHand}` where it is");

    public static TunException Reading(string name, int error) =>
        // A device that is being deleted answers in different ways, as far as it has come.
        error is Errno.Io or Errno.Fault ? Gone(name, error) : Using(name, "read", error);

    public static TunException Writing(string name, int error) => Using(name, "write", error);

    public static TunException NoQueue(int position, int error) => new(
        error == 0
            ? $"descriptor {position} belongs to another device, or to one of another kind, than the first"
            : $"descriptor {position} is no queue of a TUN or TAP device: {Text(error)}; hand in what a program opened at {DevicePath} and "
                + "attached with TUNSETIFF",
        error);

    public static TunException HandedIn(string name, string what) => new($"TUN device {name} was opened {what}");

    public static TunException System(string what, int error) => new($"{what} failed: {Text(error)}", error);

    public static string Kind(bool ethernet) => ethernet ? "TAP" : "TUN";

    private static TunException Using(string name, string call, int error) =>
        error is Errno.BadDescriptorState or Errno.NoDevice
            ? Gone(name, error)
            : new($"{call} on TUN device {name} failed: {Text(error)}", error);

    private static TunException Gone(string name, int error) =>
        new($"TUN device {name} is gone: somebody deleted it while it was in use", error);

    private static string NotAllowed(string device, TunDeviceOptions options) =>
        $"{device} cannot be made: needs CAP_NET_ADMIN: run as root or prepare it once with `sudo {AddByHand(options)}`, or give "
        + $"the program the right with `sudo setcap cap_net_admin+ep {Environment.ProcessPath}`; in a container: {ContainerNeeds}";

    private static string NotOurs(string device, TunDeviceOptions options, LinkInformation existing)
    {
        string owner = existing.Owner is { } user ? $"belongs to the user with id {user}" : "was made for no particular user";
        return $"{device} is there, but {owner}: needs CAP_NET_ADMIN: run as root or make it anew with "
            + $"`sudo {RemoveByHand(existing, options)} && sudo {AddByHand(options)}`";
    }

    private static string Foreign(TunDeviceOptions options, LinkInformation existing)
    {
        string name = options.Name;
        if (existing.Kind != "tun") return $"{name} exists and is no TUN device (`ip -d link show {name}`): take another name";
        string anew = $"make it anew with `sudo {RemoveByHand(existing, options)} && sudo {AddByHand(options)}`";
        if (existing.IsTap != options.Ethernet)
        {
            string kinds = $"is a {Kind(existing.IsTap)} device, not a {Kind(options.Ethernet)} device";
            return $"{name} exists and {kinds}: take another name or {anew}";
        }
        if (existing.IsMultiQueue != options.Queues > 1)
        {
            string made = existing.IsMultiQueue
                ? "with multi_queue, which takes 2 queues or more"
                : $"without multi_queue, which takes 1 queue and not {options.Queues}";
            return $"{name} exists and was made {made}: ask for another number of queues, or {anew}";
        }
        return $"{name} exists and cannot be used as it was made (`ip -d link show {name}`): take another name or {anew}";
    }

    private static string AddByHand(TunDeviceOptions options) =>
        $"ip tuntap add dev {options.Name} mode {Mode(options.Ethernet, options.Queues > 1)} user {Environment.UserName}";

    private static string RemoveByHand(LinkInformation existing, TunDeviceOptions options) =>
        $"ip tuntap del dev {options.Name} mode {Mode(existing.IsTap, existing.IsMultiQueue)}";

    private static string Mode(bool tap, bool multiQueue) => (tap ? "tap" : "tun") + (multiQueue ? " multi_queue" : "");

    private static string Text(int error) => $"{Marshal.GetPInvokeErrorMessage(error)} (errno {error})";
}
